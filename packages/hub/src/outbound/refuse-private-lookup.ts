import { type LookupAddress, lookup as systemLookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { HubError } from '../errors/hub-error.ts';
import type { StartTimer } from '../ground/clock.ts';
import { millisecondsPerSecond } from '../ground/durations.ts';
import { isPublicAddress } from './is-public-address.ts';

/** Resolves a name to all its addresses, like `dns.lookup`. */
export type ResolveName = (
  hostname: string,
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/** Behind a proxy the hub's own name service often knows no outside names, or never answers. */
const ownAnswerWithinMilliseconds = 2 * millisecondsPerSecond;

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

/**
 * Judges a name that people typed and that a proxy is going to resolve. What the hub's own name service says of it
 * counts, as without a proxy; where that does not know the name, or does not answer soon, the proxy decides alone.
 *
 * @returns null when nothing speaks against it
 */
export function judgeNameForProxy(
  { resolve = resolveBySystem, startTimer }: { resolve: ResolveName | undefined; startTimer: StartTimer },
  hostname: string,
): Promise<HubError | null> {
  return new Promise((decide) => {
    const timer = startTimer(ownAnswerWithinMilliseconds, () => decide(null));
    resolve(hostname, (error, addresses) => {
      timer[Symbol.dispose]();
      const isPrivate = !error && addresses.some(({ address }) => !isPublicAddress(address));
      decide(isPrivate ? refusal(hostname) : null);
    });
  });
}

/** @returns the error for an address inside the network; it does not tell what the name resolved to */
export function refusal(hostname: string): HubError {
  return new HubError('address_not_allowed', { detail: `${hostname} is not on the public Internet.` });
}
