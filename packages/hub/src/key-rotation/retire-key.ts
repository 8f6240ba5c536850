import { HubError } from '../errors/hub-error.ts';
import { sealedPrefix } from '../vault/create-vault.ts';
import { sealedPlace, sealedTables } from '../vault/sealed-columns.ts';
import { VaultError } from '../vault/vault-error.ts';
import type { KeyContext } from './key-context.ts';
import { readSealedPage } from './sealed-rows.ts';

const rowsAtOnce = 500;
/** So many damaged values are named. */
const mostNamed = 20;

/** What became of a key that is to go. */
export interface Retirement {
  /** Values that it has sealed and that even it can't open, by their places; nothing is lost with them. */
  damaged: string[];
}

/**
 * Lets a key go: takes it away from where the keys are kept, and its canary out of the database.
 *
 * @throws VaultError `key_in_use` with the number of values that need it; `key_unknown`
 */
export async function retireKey(context: KeyContext, keyId: string): Promise<Retirement> {
  const { store, source } = context;
  const { keyring } = source;
  const canary = await store.db
    .selectFrom('vault_canaries')
    .select('key_id')
    .where('key_id', '=', keyId)
    .executeTakeFirst();
  const isHere = keyring.find(keyId) !== undefined;
  if (!isHere && !canary) throw new VaultError('key_unknown', `"${keyId}"`);
  if (keyring.sealing().id === keyId) throw new VaultError('key_in_use', `"${keyId}" is the one that seals`);
  const { needed, damaged } = await findNeeds(context, keyId);
  if (needed > 0) throw new VaultError('key_in_use', `${needed} stored values need "${keyId}"`);
  await source.write?.(keyring.all().filter(({ id }) => id !== keyId));
  await store.db.deleteFrom('vault_canaries').where('key_id', '=', keyId).execute();
  return { damaged };
}

async function findNeeds(
  { store, vault }: KeyContext,
  keyId: string,
): Promise<{ needed: number; damaged: string[] }> {
  const prefix = sealedPrefix(keyId);
  const isHere = vault.keyring.find(keyId) !== undefined;
  let needed = 0;
  const damaged: string[] = [];
  for (const table of sealedTables) {
    let after: string | null = '';
    while (after !== null) {
      const { values, lastKey } = await readSealedPage(store.db, table, { after, limit: rowsAtOnce });
      for (const { rowKey, column, sealed } of values) {
        if (!sealed.startsWith(prefix)) continue;
        const place = sealedPlace(table, rowKey, column);
        // A key that is not here might open it elsewhere.
        if (!isHere || opens(() => vault.open(sealed, place))) needed += 1;
        else if (damaged.length < mostNamed) damaged.push(place);
      }
      after = lastKey;
    }
  }
  return { needed, damaged };
}

function opens(open: () => string): boolean {
  try {
    open();
    return true;
  } catch (error) {
    if (error instanceof HubError && error.code === 'vault_unreadable') return false;
    throw error;
  }
}
