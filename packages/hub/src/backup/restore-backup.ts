import { type Kysely, sql, type Transaction } from 'kysely';
import type { Clock } from '../ground/clock.ts';
import { describeTables } from '../store/describe-tables.ts';
import { remakeTables } from '../store/migrate.ts';
import { findOwnTables } from '../store/own-tables.ts';
import type { Database } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import { BackupError } from './backup-error.ts';
import type { BackupEnd, BackupHead, BackupTable, BackupValue } from './backup-format.ts';
import { readBackup } from './read-backup.ts';

/** Rows of one statement; PostgreSQL takes 65,535 parameters. */
const rowsAtOnce = 100;

interface RestoreParameters {
  store: Store;
  clock: Clock;
  /** Whether what is there is removed. */
  force: boolean;
}

/** What a database has after a restore. */
export interface RestoredBackup {
  head: BackupHead;
  rows: BackupEnd['rows'];
}

/**
 * Puts a backup into a database, in one transaction: it is all there, or nothing has changed. The tables are made as they
 * were when the backup was taken; opening the store then brings them up to date, as after any change of versions.
 *
 * @throws BackupError `backup_unreadable`, `database_not_empty`; StoreError `database_newer`
 */
export async function restoreBackup(
  file: string,
  { store, clock, force }: RestoreParameters,
): Promise<RestoredBackup> {
  // Once for itself: what is damaged is told before anything is removed.
  let head: BackupHead | undefined;
  await readBackup(file, {
    head(read) {
      head = read;
    },
  });
  return store.db.transaction().execute(async (db) => {
    const there = await findTables(db);
    if (!force) await refuseRows(db, there);
    const filling = createFilling(db);
    const end = await readBackup(file, {
      head: ({ migrations: names }) => remakeTables(db, { names, tables: there, clock }),
      table: () => filling.flush(),
      row: (row, table) => filling.add(row, table),
    });
    await filling.flush();
    if (!head) throw new Error('A backup without a head was read.');
    return { head, rows: end.rows };
  });
}

/** Those of the hub's tables that the database has; what others keep in the same schema is no business of ours. */
async function findTables(db: Kysely<Database>): Promise<string[]> {
  const there = new Set((await findOwnTables(db)).map(({ name }) => name));
  return (await describeTables()).map(({ name }) => name).filter((name) => there.has(name));
}

/** What a start leaves by itself: nobody would miss it. */
const ownTraces: readonly string[] = ['vault_canaries', 'write_probes', 'due_work'];

async function refuseRows(db: Kysely<Database>, tables: readonly string[]): Promise<void> {
  for (const table of tables.filter((name) => !ownTraces.includes(name))) {
    const { rows } = await sql`select 1 from ${sql.table(table)} limit 1`.execute(db);
    if (rows.length > 0) throw new BackupError('database_not_empty', `"${table}" has rows`);
  }
}

/** Gathers rows into statements. */
function createFilling(db: Transaction<Database>) {
  let gathered: BackupValue[][] = [];
  let into: BackupTable | null = null;

  async function flush(): Promise<void> {
    if (into !== null && gathered.length > 0) {
      const names = sql.join(into.columns.map((column) => sql.ref(column)));
      const rows = sql.join(gathered.map((row) => sql`(${sql.join(row)})`));
      await sql`insert into ${sql.table(into.table)} (${names}) values ${rows}`.execute(db);
    }
    gathered = [];
  }

  return {
    flush,
    async add(row: BackupValue[], table: BackupTable): Promise<void> {
      into = table;
      gathered.push(row);
      if (gathered.length === rowsAtOnce) await flush();
    },
  };
}
