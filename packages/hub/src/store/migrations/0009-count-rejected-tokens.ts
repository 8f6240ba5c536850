import type { Kysely } from 'kysely';
import type { Database } from '../schema.ts';
import { addMissingColumns } from './add-missing-columns.ts';

/** How often in a row an environment has refused fresh tokens, by which the next ones are asked for ever later. */
export async function countRejectedTokens(db: Kysely<Database>): Promise<void> {
  await addMissingColumns(db, 'token_sets', [{ name: 'rejected_in_a_row', type: 'integer', usual: 0 }]);
}
