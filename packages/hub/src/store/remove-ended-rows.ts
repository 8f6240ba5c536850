import { sql } from 'kysely';
import type { Database } from './schema.ts';
import type { Store } from './store.ts';

/** So many rows at once hold no lock for long. */
const rowsAtOnce = 500;

/** Which rows have ended: those whose time in that column is not after `before`. An index has to lead to them. */
export interface EndedRows {
  table: keyof Database;
  key: string;
  endColumn: string;
  /** Epoch milliseconds. */
  before: number;
}

/** Removes rows that have ended, some at a time. @param signal ends it between two batches. @returns how many were removed */
export async function removeEndedRows(
  { db }: Pick<Store, 'db'>,
  { table, key, endColumn, before }: EndedRows,
  signal?: AbortSignal,
): Promise<number> {
  const isWanted = () => !signal?.aborted;
  let removed = 0;
  for (let last = rowsAtOnce; last === rowsAtOnce && isWanted(); removed += last) {
    const { numAffectedRows = 0n } = await sql`
      delete from ${sql.table(table)} where ${sql.ref(key)} in (
        select ${sql.ref(key)} from ${sql.table(table)} where ${sql.ref(endColumn)} <= ${before}
        order by ${sql.ref(endColumn)} limit ${sql.lit(rowsAtOnce)}
      )
    `.execute(db);
    last = Number(numAffectedRows);
  }
  return removed;
}
