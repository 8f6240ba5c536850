import type { Clock } from '../ground/clock.ts';
import type { Store } from './store.ts';

const probeId = 'readiness';

/**
 * Proves that the database takes a write and keeps it: not one that is full, held by another, deleted, or that only
 * follows the primary.
 *
 * @throws the database's error; StoreError `database_moved`
 */
export async function proveStore({ store, clock }: { store: Store; clock: Clock }): Promise<void> {
  await store.provePlace();
  const written = { written_at: clock.now() };
  await store.db
    .insertInto('write_probes')
    .values({ id: probeId, ...written })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(written))
    .execute();
}
