import type { Kysely, Transaction } from 'kysely';
import { clockDifference } from '../ground/bounded-times.ts';
import type { Clock, Sleep } from '../ground/clock.ts';
import { millisecondsPerMinute } from '../ground/durations.ts';
import type { Random } from '../ground/random.ts';
import { isLastingRefusal } from './is-lasting-refusal.ts';
import { type Migration, migrations } from './migrations/migrations.ts';
import type { Database } from './schema.ts';
import type { Store } from './store.ts';
import { StoreError } from './store-error.ts';

type MigrationTables = {
  schema_migrations: { name: string; applied_at: number };
  schema_lock: { id: string; owner: string | null; locked_until: number };
};

interface MigrateParameters {
  clock: Clock;
  random: Random;
  sleep: Sleep;
  /** Only tests give others than the product's own. */
  steps?: readonly Migration[];
}

const lockId = 'migrations';
/** Far longer than a migration takes: a process that died while it held the lock delays the next one by this. */
const lockMilliseconds = millisecondsPerMinute;
/** One that lasts longer was taken by a clock that was wrong. */
const longestLock = lockMilliseconds + clockDifference;
const waitMilliseconds = 100;
const mostWaits = (2 * lockMilliseconds) / waitMilliseconds;

/**
 * Applies the migrations that the database has not seen, in order. Several processes may start at once: a lock row
 * with an end lets one work while the others wait, since distributed engines have no session advisory locks.
 * Each statement stands for itself and may run again, so that a process killed in the middle does no harm.
 *
 * @throws StoreError `database_newer`, `database_busy`
 */
export async function migrate(store: Store, parameters: MigrateParameters): Promise<void> {
  const { clock, random, sleep, steps = migrations } = parameters;
  const db = store.db.withTables<MigrationTables>();
  await makeTables(store, sleep);
  if ((await findMissing(db, steps)).length === 0) return;

  const owner = random.bytes(16).toString('hex');
  await takeLock(db, { owner, clock, sleep });
  try {
    // Read again: another process may have done the work in the meantime.
    for (const step of await findMissing(db, steps)) {
      await step.up(store.db, clock.now());
      await db.insertInto('schema_migrations').values({ name: step.name, applied_at: clock.now() }).execute();
    }
  } finally {
    await db
      .updateTable('schema_lock')
      .set({ owner: null, locked_until: 0 })
      .where('owner', '=', owner)
      .execute();
  }
}

/** "create table if not exists" is not safe against itself on PostgreSQL: the loser fails, and finds it there. */
async function makeTables(store: Store, sleep: Sleep): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await createMigrationTables(store.db);
      return;
    } catch (error) {
      const mayBeRace = store.engine === 'postgres' && attempt < 10 && !isLastingRefusal(error);
      if (!mayBeRace) throw error;
      await sleep(waitMilliseconds);
    }
  }
}

async function createMigrationTables(db: Kysely<Database>): Promise<void> {
  await db.schema
    .createTable('schema_migrations')
    .ifNotExists()
    .addColumn('name', 'text', (column) => column.primaryKey())
    .addColumn('applied_at', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('schema_lock')
    .ifNotExists()
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('owner', 'text')
    .addColumn('locked_until', 'bigint', (column) => column.notNull())
    .execute();
}

/**
 * Makes the tables of an earlier version, or of this one, in place of those that are there, within a transaction: for a
 * backup, whose rows fit the tables that they were taken from. Opening the store brings them up to date.
 *
 * @param names of the migrations that had made them
 * @param tables those to remove
 * @throws StoreError `database_newer` for a migration that this version does not know
 */
export async function remakeTables(
  transaction: Transaction<Database>,
  { names, tables, clock }: { names: readonly string[]; tables: readonly string[]; clock: Clock },
): Promise<void> {
  for (const table of [...tables, 'schema_migrations', 'schema_lock']) {
    await transaction.schema.dropTable(table).ifExists().execute();
  }
  await createMigrationTables(transaction);
  for (const name of names) {
    const step = migrations.find((known) => known.name === name);
    if (!step) throw new StoreError('database_newer', `it has the migration "${name}"`);
    await step.up(transaction, clock.now());
    await transaction
      .withTables<MigrationTables>()
      .insertInto('schema_migrations')
      .values({ name, applied_at: clock.now() })
      .execute();
  }
}

async function findMissing(db: Kysely<Database & MigrationTables>, steps: readonly Migration[]) {
  const rows = await db.selectFrom('schema_migrations').select('name').execute();
  const applied = new Set(rows.map((row) => row.name));
  const known = new Set(steps.map((step) => step.name));
  const unknown = [...applied].find((name) => !known.has(name));
  if (unknown !== undefined) throw new StoreError('database_newer', `it has the migration "${unknown}"`);
  return steps.filter((step) => !applied.has(step.name));
}

async function takeLock(
  db: Kysely<Database & MigrationTables>,
  { owner, clock, sleep }: { owner: string; clock: Clock; sleep: Sleep },
): Promise<void> {
  await db
    .insertInto('schema_lock')
    .values({ id: lockId, owner: null, locked_until: 0 })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute();
  for (let wait = 0; wait < mostWaits; wait += 1) {
    const { numUpdatedRows } = await db
      .updateTable('schema_lock')
      .set({ owner, locked_until: clock.now() + lockMilliseconds })
      .where('id', '=', lockId)
      .where((eb) =>
        eb.or([eb('locked_until', '<', clock.now()), eb('locked_until', '>', clock.now() + longestLock)]),
      )
      .executeTakeFirst();
    if (numUpdatedRows === 1n) return;
    await sleep(waitMilliseconds);
  }
  throw new StoreError('database_busy', 'another process has been changing its tables for minutes');
}
