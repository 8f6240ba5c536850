import { HubError } from '../errors/hub-error.ts';
import type { Store } from '../store/store.ts';
import { canaryPlace, canaryText } from './check-canaries.ts';
import type { Vault } from './create-vault.ts';

/**
 * Opens a canary of the database: the proof that keys and database still belong together.
 *
 * @throws HubError `vault_key_unknown`, `vault_unreadable`; the database's error when it can't be read
 */
export async function proveVault({ store, vault }: { store: Store; vault: Vault }): Promise<void> {
  const canaries = await store.db.selectFrom('vault_canaries').selectAll().execute();
  let failure: unknown = new HubError('vault_unreadable', { detail: 'The database has no canary.' });
  for (const { key_id: keyId, sealed_canary: sealed } of canaries) {
    try {
      if (vault.open(sealed, canaryPlace(keyId)) === canaryText) return;
    } catch (error) {
      // Keys that were retired leave canaries that can't be opened any more; one that can is enough.
      failure = error;
    }
  }
  throw failure;
}
