import type { Clock } from './clock.ts';
import type { Directory } from './directory/open-directory.ts';
import type { Faults } from './faults/create-faults.ts';
import type { ReplicationDelay } from './faults/replication-delay.ts';
import type { SigningKeys } from './jwt/signing-keys.ts';
import type { Random } from './random.ts';
import type { KnownAddresses } from './service-origins.ts';
import type { SignInLog } from './sign-in-log/create-sign-in-log.ts';

/** What every service of the local cloud is given. */
export interface CloudContext {
  directory: Directory;
  clock: Clock;
  random: Random;
  addresses: KnownAddresses;
  signingKeys: SigningKeys;
  /** What goes wrong on purpose. */
  faults: Faults;
  /** How late Graph sees what was written. */
  replication: ReplicationDelay;
  /** Who signed in, and who was refused. */
  signIns: SignInLog;
}
