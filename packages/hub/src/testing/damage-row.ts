import { sql } from 'kysely';
import type { Database } from '../store/schema.ts';
import type { TestHub } from './create-test-hub.ts';

/** Puts values into a row that the hub itself would never write. @param row its key's column and value */
export async function damageRow(
  { context }: Pick<TestHub, 'context'>,
  table: keyof Database,
  row: { id: string } | { connection_id: string },
  values: Readonly<Record<string, unknown>>,
): Promise<void> {
  const [key, id] = 'id' in row ? ['id', row.id] : ['connection_id', row.connection_id];
  const where = sql`where ${sql.ref(key)} = ${id}`;
  for (const [column, value] of Object.entries(values)) {
    await sql`update ${sql.table(table)} set ${sql.ref(column)} = ${value} ${where}`.execute(
      context.store.db,
    );
  }
}
