import type { Clock } from './clock.ts';
import type { Directory } from './directory/open-directory.ts';
import type { SigningKeys } from './entra/signing-keys.ts';
import type { Random } from './random.ts';

/** Where one service listens; origins without a trailing slash. */
export interface ServiceOrigins {
  http: string;
  https: string;
}

/** Filled by the listeners before the first request is taken. */
export interface CloudAddresses {
  entra: ServiceOrigins;
  graph: ServiceOrigins;
  crm: ServiceOrigins;
}

/** What every service of the local cloud is given. */
export interface CloudContext {
  directory: Directory;
  clock: Clock;
  random: Random;
  addresses: CloudAddresses;
  signingKeys: SigningKeys;
}

/**
 * The origin through which a request came: known by the kind of its socket, never by the Host header,
 * which anybody can write.
 */
export function originOf(origins: ServiceOrigins, request: { raw: { socket: object } }): string {
  return 'encrypted' in request.raw.socket ? origins.https : origins.http;
}
