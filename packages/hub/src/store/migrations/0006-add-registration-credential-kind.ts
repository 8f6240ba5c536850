import type { Kysely } from 'kysely';
import type { Database } from '../schema.ts';
import { addMissingColumns } from './add-missing-columns.ts';

/** A registration may prove itself by a certificate in place of a client secret. */
export async function addRegistrationCredentialKind(db: Kysely<Database>): Promise<void> {
  await addMissingColumns(db, 'registrations', [{ name: 'credential_kind', type: 'text', usual: 'secret' }]);
}
