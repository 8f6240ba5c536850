import type { Kysely } from 'kysely';
import type { Database } from '../schema.ts';
import { addMissingColumns } from './add-missing-columns.ts';

/** Since when a connection's state stands, which proof was told of, and which organization answered it. */
export async function tellStates(db: Kysely<Database>): Promise<void> {
  await addMissingColumns(db, 'connections', [
    { name: 'state', type: 'text' },
    { name: 'state_since', type: 'bigint' },
    { name: 'proof_told_at', type: 'bigint' },
    { name: 'organization_id', type: 'text' },
  ]);
  await addMissingColumns(db, 'sign_in_tickets', [{ name: 'account', type: 'text' }]);
}
