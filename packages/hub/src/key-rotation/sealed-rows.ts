import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Database } from '../store/schema.ts';
import { type SealedTable, sealedColumns } from '../vault/sealed-columns.ts';

/** A sealed value, and where it stands. */
export interface SealedValue {
  rowKey: string;
  column: string;
  sealed: string;
}

/** What a page of a table holds. */
export interface SealedPage {
  values: SealedValue[];
  /** The key of its last row; null when there is none left. */
  lastKey: string | null;
}

/**
 * Reads the sealed values of a table's next rows, through its primary key. Which table and columns is known only when it
 * runs, so their names are put in as such; they come from `sealedColumns` alone.
 *
 * @param after the key of the row before; empty for the first
 */
export async function readSealedPage(
  db: Kysely<Database>,
  table: SealedTable,
  { after, limit }: { after: string; limit: number },
): Promise<SealedPage> {
  const { key, columns } = sealedColumns[table];
  const names: RawBuilder<unknown>[] = columns.map((column) => sql.ref(column));
  const { rows } = await sql<Record<string, string | null>>`
    select ${sql.ref(key)} as row_key, ${sql.join(names)}
    from ${sql.table(table)}
    where ${sql.ref(key)} > ${after}
    order by ${sql.ref(key)}
    limit ${sql.lit(limit)}`.execute(db);
  const values = rows.flatMap((row) =>
    columns.flatMap((column) => {
      const sealed = row[column] ?? null;
      return sealed === null ? [] : [{ rowKey: row.row_key ?? '', column, sealed }];
    }),
  );
  return { values, lastKey: rows.at(-1)?.row_key ?? null };
}

/**
 * Puts a value in another's place, unless that was changed since it was read: what a refresh or a sign-in has written
 * meanwhile stays.
 *
 * @returns whether it was put there
 */
export async function replaceSealed(
  db: Kysely<Database>,
  table: SealedTable,
  { rowKey, column, sealed }: SealedValue,
  replacement: string,
): Promise<boolean> {
  const { numAffectedRows = 0n } = await sql`
    update ${sql.table(table)} set ${sql.ref(column)} = ${replacement}
    where ${sql.ref(sealedColumns[table].key)} = ${rowKey} and ${sql.ref(column)} = ${sealed}`.execute(db);
  return numAffectedRows === 1n;
}
