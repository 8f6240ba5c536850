import type { Clock } from './clock.ts';
import type { Directory } from './directory/open-directory.ts';
import type { Random } from './random.ts';
import type { KnownAddresses } from './service-origins.ts';

/** What every service of the local cloud is given. */
export interface CloudContext {
  directory: Directory;
  clock: Clock;
  random: Random;
  addresses: KnownAddresses;
}
