import type { ResealingRow } from '../store/schema.ts';
import { countSealed } from './count-sealed.ts';
import type { KeyContext } from './key-context.ts';

/** A key, as `latchkey keys list` shows it: never the key itself. */
export interface ListedKey {
  id: string;
  /** `missing`: the database has seen it, and it is not here. */
  role: 'seals' | 'opens' | 'missing';
  /** How many stored values need it. */
  values: number;
  /** By what it is wrapped where it is kept; null where it is there bare. */
  wrappedBy: string | null;
}

export interface KeyList {
  place: string;
  keys: ListedKey[];
  /** Values of keys that nobody knows any more, and texts that are none of ours. */
  unknownValues: number;
  /** The last rotation, a row for each table; empty before the first. */
  resealings: ResealingRow[];
}

/** Lists the keys that are here and those that the database has seen, with what each has sealed. */
export async function listKeys({ store, source }: KeyContext): Promise<KeyList> {
  const canaries = await store.db.selectFrom('vault_canaries').select('key_id').execute();
  const here = source.keyring.all().map((key) => key.id);
  const missing = canaries.map((row) => row.key_id).filter((id) => !here.includes(id));
  const counts = await countSealed(store.db, [...here, ...missing]);
  const wrappedBy = source.wrappedBy();
  const list = (id: string, role: ListedKey['role']) => ({
    id,
    role,
    values: counts.byKey.get(id) ?? 0,
    wrappedBy: wrappedBy.get(id) ?? null,
  });
  return {
    place: source.place,
    keys: [
      ...here.map((id, index) => list(id, index === 0 ? 'seals' : 'opens')),
      ...missing.map((id) => list(id, 'missing')),
    ],
    unknownValues: counts.others,
    resealings: await store.db.selectFrom('resealings').selectAll().orderBy('table_name').execute(),
  };
}
