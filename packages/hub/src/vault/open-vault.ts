import type { HubConfig } from '../config/config.ts';
import type { Random } from '../ground/random.ts';
import type { Store } from '../store/store.ts';
import { checkCanaries } from './check-canaries.ts';
import { createVault, type Vault } from './create-vault.ts';
import { readKeyFile } from './read-key-file.ts';
import { parseVaultKeys } from './vault-key.ts';

interface OpenVaultOptions {
  config: Pick<HubConfig, 'keys' | 'dataFolder'>;
  store: Store;
  random: Random;
}

/**
 * Opens the vault with the keys of `LATCHKEY_KEYS`, or else of the key file in the data folder, which is made when the
 * database is new; and proves that the keys are those that the database was sealed with.
 *
 * @throws VaultError when the keys are missing, unreadable, exposed, or do not fit the database
 */
export async function openVault({ config, store, random }: OpenVaultOptions): Promise<Vault> {
  const canaries = await store.db.selectFrom('vault_canaries').selectAll().execute();
  const keys =
    config.keys === null
      ? readKeyFile(config.dataFolder, { mayMake: canaries.length === 0, random })
      : parseVaultKeys(config.keys, 'LATCHKEY_KEYS');
  const vault = createVault(keys, random);
  await checkCanaries({ store, keys, random }, canaries);
  return vault;
}
