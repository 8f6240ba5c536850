import type { Kysely } from 'kysely';
import type { Database } from '../schema.ts';
import { addMissingColumns } from './add-missing-columns.ts';

/** API keys that may do some things only, with some connections only, until a day. Those that are there may do all. */
export async function limitApiKeys(db: Kysely<Database>): Promise<void> {
  await addMissingColumns(db, 'api_keys', [
    { name: 'scopes', type: 'text' },
    { name: 'connection_ids', type: 'text' },
    { name: 'expires_at', type: 'bigint' },
    { name: 'replaced_by', type: 'text' },
  ]);
}
