import type { HubConfig } from '../config/config.ts';
import type { Clock } from '../ground/clock.ts';
import type { Random } from '../ground/random.ts';
import type { Store } from '../store/store.ts';
import { checkCanaries } from './check-canaries.ts';
import { createVault, type Vault } from './create-vault.ts';
import { openKeySource } from './key-source.ts';
import type { VaultError } from './vault-error.ts';

interface OpenVaultOptions {
  config: Pick<HubConfig, 'keys' | 'wrappingKey' | 'dataFolder'>;
  store: Store;
  random: Random;
  clock: Clock;
  /** Is told when a key that others have added can’t be unwrapped. */
  onProblem?: (error: VaultError) => void;
}

/**
 * Opens the vault with the keys of `LATCHKEY_KEYS`, or else of the key file in the data folder, which is made when the
 * database is new; and proves that the keys are those that the database was sealed with.
 *
 * @throws VaultError when the keys are missing, unreadable, exposed, not to be unwrapped, or do not fit the database
 */
export async function openVault({ store, ...options }: OpenVaultOptions): Promise<Vault> {
  const { random } = options;
  const canaries = await store.db.selectFrom('vault_canaries').selectAll().execute();
  const { keyring } = await openKeySource({ ...options, mayMake: canaries.length === 0 });
  await checkCanaries({ store, keys: keyring.all(), random }, canaries);
  return createVault(keyring, random);
}
