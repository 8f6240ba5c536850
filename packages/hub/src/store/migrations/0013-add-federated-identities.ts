import type { Kysely } from 'kysely';
import type { Database } from '../schema.ts';
import { addMissingColumns } from './add-missing-columns.ts';

/** A registration may prove itself by the hub's identity on its platform, without any secret. */
export async function addFederatedIdentities(db: Kysely<Database>): Promise<void> {
  await addMissingColumns(db, 'registrations', [{ name: 'federated_identity', type: 'text' }]);
}
