import { type LookupAddress, lookup as systemLookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { HubError } from '../errors/hub-error.ts';
import { isPublicAddress } from './is-public-address.ts';

/** Resolves a name to all its addresses, like `dns.lookup`. */
export type ResolveName = (
  hostname: string,
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

const resolveBySystem: ResolveName = (hostname, callback) => systemLookup(hostname, { all: true }, callback);

/**
 * The look-up for connections to addresses that people typed. It is asked by the socket itself when it connects, so
 * there is no time between the check and the use in which a name could change (DNS rebinding).
 */
export function createPublicLookup(resolve: ResolveName = resolveBySystem): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, (error, addresses) => {
      if (error) return callback(error, []);
      const [first] = addresses;
      if (!first || !addresses.every(({ address }) => isPublicAddress(address))) {
        return callback(refusal(hostname), []);
      }
      if (options.all) return callback(null, addresses);
      return callback(null, first.address, first.family);
    });
  };
}

/** @returns the error for an address inside the network; it does not tell what the name resolved to */
export function refusal(hostname: string): HubError {
  return new HubError('address_not_allowed', { detail: `${hostname} is not on the public Internet.` });
}
