import type { Kysely } from 'kysely';
import type { Database } from '../schema.ts';
import { addMissingColumns } from './add-missing-columns.ts';

/** A connection may have a certificate of its own in place of a client secret. */
export async function addConnectionCertificates(db: Kysely<Database>): Promise<void> {
  await addMissingColumns(db, 'connections', [
    { name: 'sealed_private_key', type: 'text' },
    { name: 'certificate', type: 'text' },
  ]);
}
