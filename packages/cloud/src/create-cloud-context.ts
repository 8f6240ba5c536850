import type { Clock } from './clock.ts';
import type { CloudAddresses, CloudContext } from './cloud-context.ts';
import { openDirectory } from './directory/open-directory.ts';
import { seedContoso } from './directory/seed-contoso.ts';
import { loadSigningKeys } from './entra/signing-keys.ts';
import { createFaults } from './faults/create-faults.ts';
import { createReplicationDelay } from './graph/replication-delay.ts';
import { type Random, systemRandom } from './random.ts';
import { createSignInLog } from './sign-in-log/create-sign-in-log.ts';

/**
 * Opens the state of a local cloud and makes what the first start needs: the tenant Contoso and a signing key.
 *
 * @param file path of the SQLite file, or `:memory:`
 */
export async function createCloudContext({
  file,
  clock,
  addresses,
  random = systemRandom,
}: {
  file: string;
  clock: Clock;
  addresses: CloudAddresses;
  random?: Random;
}): Promise<CloudContext> {
  const directory = openDirectory({ file, clock });
  try {
    seedContoso(directory);
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
