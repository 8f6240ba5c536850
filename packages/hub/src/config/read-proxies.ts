import { domainToASCII } from 'node:url';
import ipaddr from 'ipaddr.js';
import type { DirectRule, OutboundProxy, ProxyConfig } from './config.ts';
import { ConfigError } from './config-error.ts';

type Read = (variable: string) => string | null;

/**
 * Reads what calls go through, by the variables that curl and others go by, in small letters or in capitals; the small
 * ones win. Each proxy is for addresses of its own scheme.
 *
 * @param read gives a variable's text, null where it is not set
 * @throws ConfigError for a proxy that can't be one; no message repeats the address, which may carry a password
 */
export function readProxies(read: Read): ProxyConfig {
  const entries = (readEither(read, 'NO_PROXY')?.text ?? '').split(/[\s,]+/).filter((entry) => entry !== '');
  const rules = entries.map((entry) => ({ entry, rule: readDirectRule(entry) }));
  return {
    https: readProxy(read, 'HTTPS_PROXY'),
    http: readProxy(read, 'HTTP_PROXY'),
    direct: rules.flatMap(({ rule }) => rule ?? []),
    unknownDirect: rules.flatMap(({ entry, rule }) => (rule === null ? [entry] : [])),
  };
}

interface Setting {
  variable: string;
  text: string;
}

function readEither(read: Read, capitals: string): Setting | null {
  for (const variable of [capitals.toLowerCase(), capitals]) {
    const text = read(variable);
    if (text !== null) return { variable, text };
  }
  return null;
}

function readProxy(read: Read, capitals: string): OutboundProxy | null {
  const setting = readEither(read, capitals);
  if (setting === null) return null;
  const { variable, text } = setting;
  const refuse = (problem: string) =>
    new ConfigError(variable, {
      problem,
      remedy:
        'Write it like http://proxy.example:8080, or http://user:password@proxy.example:8080 with special characters percent-encoded.',
    });
  // Without a scheme it is http, as curl has it.
  const address = URL.parse(/^[a-z][a-z\d+.-]*:\/\//i.test(text) ? text : `http://${text}`);
  if (!address) throw refuse('is no address');
  const { protocol, origin, username, password, pathname, search, hash } = address;
  if (protocol !== 'http:' && protocol !== 'https:') {
    throw refuse('has to begin with http:// or https://: the hub speaks to HTTP proxies only');
  }
  if (pathname !== '/' || search !== '' || hash !== '')
    throw refuse('has to end with the port: no path, no query');
  if (username === '' && password === '') return { origin, authorization: null };
  const credentials = decode(`${username}:${password}`);
  if (credentials === null) throw refuse('has a user or password with a percent sign that encodes nothing');
  return { origin, authorization: `Basic ${Buffer.from(credentials).toString('base64')}` };
}

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return null;
    throw error;
  }
}

/**
 * Understands an entry of NO_PROXY as curl and undici do: `*` for everything; a name, with a dot before it or not, for
 * itself and what is below; `*.name` for what is below only; an address or a range of addresses in CIDR notation; each
 * with a port behind it or not, an IPv6 address then in brackets.
 *
 * @returns null for what is none of these
 */
function readDirectRule(entry: string): DirectRule | null {
  if (ipaddr.IPv4.isValidCIDRFourPartDecimal(entry) || ipaddr.IPv6.isValidCIDR(entry)) {
    return { kind: 'range', range: entry, port: null };
  }
  if (isAddress(entry)) return { kind: 'range', range: rangeOfOne(entry), port: null };
  const [, host = '', digits] = /^(.*?)(?::(\d+))?$/.exec(entry) ?? [];
  const port = digits === undefined ? null : Number(digits);
  if (host === '*') return { kind: 'all', port };
  const address = host.replace(/^\[(.*)\]$/, '$1');
  if (isAddress(address)) return { kind: 'range', range: rangeOfOne(address), port };
  if (/[/:?#@\\]/.test(host)) return null;
  const name = domainToASCII(host.replace(/^\*?\./, '').replace(/\.$/, ''));
  // The URL standard makes an address of each number: `169.254` is 169.0.0.254 to it.
  if (isAddress(name) || !/^[a-z\d_-]+(?:\.[a-z\d_-]+)*$/.test(name)) return null;
  return { kind: 'name', name, subdomainsOnly: host.startsWith('*'), port };
}

/** An IPv4 address is written in whole: `169.254` is no address to anybody. */
function isAddress(text: string): boolean {
  return ipaddr.IPv4.isValidFourPartDecimal(text) || ipaddr.IPv6.isValid(text);
}

function rangeOfOne(address: string): string {
  return `${address}/${ipaddr.parse(address).kind() === 'ipv6' ? 128 : 32}`;
}
