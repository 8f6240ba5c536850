import { isIP } from 'node:net';
import { CloudStartError } from './cloud-start-error.ts';

/** Where the cloud listens, and by what names it is reached. Names are written as in URLs, IPv6 in brackets. */
export interface Reach {
  /** An address to listen on instead of the loopback ones, or null. */
  host: string | null;
  /** In every address that the cloud tells. */
  advertised: string;
  /** By which the cloud reaches itself, wherever the advertised name leads from here. */
  own: string;
  /** What a certificate has to name besides this machine, without brackets. */
  further: readonly string[];
}

const loopbackOfWildcard: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '[::1]' };

/**
 * Decides by what names a cloud is reached.
 *
 * @param host an address to listen on instead of the loopback ones
 * @param publicHost a name or an address, without a port, that leads here from where the clients are
 * @throws CloudStartError `host_invalid`
 */
export function openReach({ host, publicHost }: { host?: string; publicHost?: string } = {}): Reach {
  const listening = host === undefined ? null : readHost('host', host);
  const isWildcard = listening !== null && Object.hasOwn(loopbackOfWildcard, listening);
  const particular = isWildcard ? null : listening;
  const named = publicHost === undefined ? null : readHost('public host', publicHost);
  return {
    host: listening,
    advertised: inUrl(named ?? particular ?? 'localhost'),
    own: (isWildcard && loopbackOfWildcard[listening]) || inUrl(particular ?? 'localhost'),
    further: [particular, named].filter((name) => name !== null),
  };
}

function readHost(what: string, text: string): string {
  const name = text.replace(/^\[(.*)\]$/, '$1').toLowerCase();
  if (isIP(name) !== 0 || URL.parse(`http://${name}`)?.hostname === name) return name;
  throw new CloudStartError(
    'host_invalid',
    `'${text}' is no ${what}. Write a name or an address alone, such as cloud.example or 192.0.2.7: no scheme, no port.`,
  );
}

function inUrl(name: string): string {
  return isIP(name) === 6 ? `[${name}]` : name;
}
