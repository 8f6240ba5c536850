import ipaddr from 'ipaddr.js';

/** @returns whether a URL's host name is this machine: a loopback address, or `localhost` and what is below (RFC 6761) */
export function isLoopback(hostname: string): boolean {
  const address = hostname.replace(/^\[|\]$/g, '');
  if (ipaddr.isValid(address)) return ipaddr.process(address).range() === 'loopback';
  return address === 'localhost' || address.endsWith('.localhost');
}
