import ipaddr from 'ipaddr.js';

/** The host's own services in Azure, at an address that looks public. */
const azureWireServer = '168.63.129.16';

/** NAT64 by an operator's own choice (RFC 8215): what is behind it is that network's business. */
const localNat64 = ipaddr.IPv6.parseCIDR('64:ff9b:1::/48');

/** IPv4-compatible addresses (RFC 4291 §2.5.5.1, deprecated): `::127.0.0.1` must not pass as something else. */
const ipv4Compatible = ipaddr.IPv6.parseCIDR('::/96');

/**
 * Whether an address belongs to the public Internet: not private, loopback, link-local (the clouds' metadata services),
 * carrier-grade NAT, multicast, reserved, or an IPv6 form that stands for such an IPv4 address.
 *
 * Source: the IANA special-purpose address registries (RFC 6890).
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  // Turns an IPv4-mapped address (::ffff:127.0.0.1) into the IPv4 address that it reaches.
  const parsed = ipaddr.process(address);
  if (parsed instanceof ipaddr.IPv4) return isPublicIpv4(parsed);
  if (parsed.match(localNat64) || parsed.match(ipv4Compatible)) return false;
  // A NAT64 gateway (RFC 6052) passes on to the IPv4 address in the last four bytes.
  if (parsed.range() === 'rfc6052') return isPublicIpv4(new ipaddr.IPv4(parsed.toByteArray().slice(-4)));
  return parsed.range() === 'unicast';
}

function isPublicIpv4(address: ipaddr.IPv4): boolean {
  return address.range() === 'unicast' && address.toString() !== azureWireServer;
}
