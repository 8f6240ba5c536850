import type { Kysely } from 'kysely';
import type { Database } from '../schema.ts';
import { addMissingColumns } from './add-missing-columns.ts';

/** A rotation may put a certificate in the place of a client secret, and back. */
export async function letCredentialsChangeKind(db: Kysely<Database>): Promise<void> {
  await addMissingColumns(db, 'registrations', [
    { name: 'next_credential_kind', type: 'text' },
    { name: 'previous_credential_kind', type: 'text' },
  ]);
}
