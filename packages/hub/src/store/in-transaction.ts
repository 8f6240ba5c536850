import type { Transaction } from 'kysely';
import type { Database } from './schema.ts';
import type { Store } from './store.ts';

const mostAttempts = 5;

/** SQLSTATE of a transaction that PostgreSQL or a distributed engine gave up in favour of another one. */
const serializationFailure = '40001';
const deadlockDetected = '40P01';

/** The write lock was not given within the busy timeout (https://www.sqlite.org/rescode.html#busy). */
const sqliteBusy = 5;

/**
 * Runs `work` in one transaction; again from its beginning when the database asks for that. So `work` must do nothing
 * but query: no calls to others, no counters.
 *
 * @returns what `work` returned in the attempt that was committed
 */
export async function inTransaction<T>(
  store: Store,
  work: (transaction: Transaction<Database>) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await store.db.transaction().execute(work);
    } catch (error) {
      if (attempt === mostAttempts || !isWorthRepeating(error)) throw error;
    }
  }
}

function isWorthRepeating(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ('errcode' in error && typeof error.errcode === 'number') return (error.errcode & 0xff) === sqliteBusy;
  return 'code' in error && (error.code === serializationFailure || error.code === deadlockDetected);
}
