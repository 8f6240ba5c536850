import type { Transaction } from 'kysely';
import type { Database } from './schema.ts';
import { sqliteBusy, sqliteCode } from './sqlite-codes.ts';
import { TransactionUndoneError } from './sqlite-writes.ts';
import type { Store } from './store.ts';
import { mostAttempts, waitToRepeat } from './wait-to-repeat.ts';

// https://www.postgresql.org/docs/current/errcodes-appendix.html
const serializationFailure = '40001';
const deadlockDetected = '40P01';

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
      if (isTransactionGivenUp(error)) await waitToRepeat(attempt);
    }
  }
}

function isWorthRepeating(error: unknown): boolean {
  if (error instanceof TransactionUndoneError) return true;
  // The write lock was not to be had for seconds.
  return sqliteCode(error) === sqliteBusy || isTransactionGivenUp(error);
}

/** Whether PostgreSQL or a distributed engine gave a transaction up in favour of another one. */
export function isTransactionGivenUp(error: unknown): boolean {
  if (!(error instanceof Error) || !('code' in error)) return false;
  return error.code === serializationFailure || error.code === deadlockDetected;
}
