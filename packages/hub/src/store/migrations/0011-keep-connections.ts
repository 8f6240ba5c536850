import { type Kysely, sql } from 'kysely';
import { millisecondsPerHour } from '../../ground/durations.ts';
import type { Database } from '../schema.ts';
import { addMissingColumns } from './add-missing-columns.ts';

/** The connections of earlier versions are looked at within this, not all at once. */
const spreadOver = 4 * millisecondsPerHour;
const rowsAtOnce = 10_000;

/** What the keeper goes by, and its work for the connections that are there already. */
export async function keepConnections(db: Kysely<Database>, now: number): Promise<void> {
  await addMissingColumns(db, 'connections', [{ name: 'last_used_at', type: 'bigint' }]);
  await addMissingColumns(db, 'token_sets', [{ name: 'refresh_token_expires_at', type: 'bigint' }]);
  await db.schema
    .createTable('proof_budgets')
    .ifNotExists()
    .addColumn('environment_url', 'text', (column) => column.primaryKey())
    .addColumn('minute', 'bigint', (column) => column.notNull())
    .addColumn('taken', 'integer', (column) => column.notNull())
    .execute();
  await scheduleAll(db, now);
}

/** Some at a time: a statement has only seconds. */
async function scheduleAll(db: Kysely<Database>, now: number): Promise<void> {
  let after = '';
  for (;;) {
    const last = await db
      .selectFrom('connections')
      .select('id')
      .where('id', '>', after)
      .orderBy('id')
      .offset(rowsAtOnce - 1)
      .limit(1)
      .executeTakeFirst();
    const until = last ? sql`and id <= ${last.id}` : sql``;
    // The milliseconds of when they were made are as good as chance.
    await sql`
      insert into due_work (kind, subject_id, due_at, claimed_until)
      select 'connection', id, ${sql.lit(now)} + created_at % ${sql.lit(spreadOver)}, 0
      from connections where id > ${after} ${until} and disabled = 0
      on conflict do nothing
    `.execute(db);
    if (!last) return;
    after = last.id;
  }
}
