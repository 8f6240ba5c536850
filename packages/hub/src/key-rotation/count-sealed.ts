import { type Kysely, sql } from 'kysely';
import type { Database } from '../store/schema.ts';
import { sealedPrefix } from '../vault/create-vault.ts';
import { sealedColumns, sealedTables } from '../vault/sealed-columns.ts';

/** How many stored values each key has sealed. */
export interface SealedCounts {
  /** By the ids that were asked for. */
  byKey: ReadonlyMap<string, number>;
  /** Of keys that were not asked for, and texts that are none of ours. */
  others: number;
}

/** Counts by reading every table that has sealed columns: for a command, not for a hub at work. */
export async function countSealed(db: Kysely<Database>, keyIds: readonly string[]): Promise<SealedCounts> {
  const byKey = new Map(keyIds.map((id) => [id, 0]));
  let all = 0;
  for (const table of sealedTables) {
    for (const column of sealedColumns[table].columns) {
      const sealed = sql.ref(column);
      const counts = keyIds.map((id) => {
        const prefix = sealedPrefix(id);
        return sql`sum(case when substr(${sealed}, 1, ${sql.lit(prefix.length)}) = ${prefix} then 1 else 0 end)`;
      });
      const names = counts.map((count, index) => sql`${count} as ${sql.ref(`key_${index}`)}`);
      const { rows } = await sql<Record<string, number | null>>`
        select ${sql.join([sql`count(*) as total`, ...names])}
        from ${sql.table(table)} where ${sealed} is not null`.execute(db);
      all += rows[0]?.total ?? 0;
      for (const [index, id] of keyIds.entries()) {
        byKey.set(id, (byKey.get(id) ?? 0) + (rows[0]?.[`key_${index}`] ?? 0));
      }
    }
  }
  const known = [...byKey.values()].reduce((sum, count) => sum + count, 0);
  return { byKey, others: all - known };
}
