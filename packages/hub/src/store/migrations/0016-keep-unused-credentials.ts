import type { Kysely } from 'kysely';
import type { Database } from '../schema.ts';
import { addMissingColumns } from './add-missing-columns.ts';

/** What a registration has in Entra ID besides what it uses, what it is called there, and who had it changed. */
export async function keepUnusedCredentials(db: Kysely<Database>): Promise<void> {
  await addMissingColumns(db, 'registrations', [
    { name: 'unused_credentials', type: 'text' },
    { name: 'entra_name', type: 'text' },
    { name: 'rotation_by', type: 'text' },
    { name: 'administrator_task_by', type: 'text' },
  ]);
}
