import type { Clock } from './clock.ts';
import { openDirectory } from './directory/open-directory.ts';
import type { EntraServices } from './entra/entra-context.ts';
import { createFaults, type Faults } from './faults/create-faults.ts';
import { createReplicationDelay } from './faults/replication-delay.ts';
import type { GraphContext } from './graph/operation/graph-operation.ts';
import { loadSigningKeys } from './jwt/signing-keys.ts';
import { type Random, systemRandom } from './random.ts';
import { applySeed } from './seed/apply-seed.ts';
import type { Seed } from './seed/seed-schema.ts';
import type { KnownAddresses } from './service-origins.ts';
import { createSignInLog } from './sign-in-log/create-sign-in-log.ts';

/** What all services of one cloud together are given; each takes what it needs of it. */
export interface ServicesContext extends EntraServices, GraphContext {
  /** What goes wrong on purpose. */
  faults: Faults;
}

/**
 * Opens the state of a local cloud and makes what the first start needs: what the seed says (the tenant Contoso,
 * unless it says otherwise) and a signing key.
 *
 * @param file path of the SQLite file, or `:memory:`
 * @throws SeedError
 */
export async function createCloudContext({
  file,
  clock,
  addresses,
  random = systemRandom,
  seed = {},
}: {
  file: string;
  clock: Clock;
  addresses: KnownAddresses;
  random?: Random;
  seed?: Seed;
}): Promise<ServicesContext> {
  const directory = openDirectory({ file, clock });
  try {
    applySeed(directory, seed);
    const signingKeys = await loadSigningKeys(directory, { file });
    const faults = createFaults(random);
    const replication = createReplicationDelay(clock);
    return {
      directory,
      clock,
      random,
      addresses,
      signingKeys,
      faults,
      replication,
      signIns: createSignInLog(),
    };
  } catch (error) {
    directory.close();
    throw error;
  }
}
