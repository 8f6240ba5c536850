import { DatabaseSync } from 'node:sqlite';
import { sql } from 'kysely';
import type { HubConfig } from '../config/config.ts';
import type { TableShape } from '../store/describe-tables.ts';
import { sqliteFileOf } from '../store/open-sqlite.ts';
import type { Store } from '../store/store.ts';
import { type BackupValue, backupRowSchema } from './backup-format.ts';

/** The tables as they were at one moment, whatever is written meanwhile. */
export interface Snapshot {
  rows(table: TableShape): AsyncIterable<BackupValue[]>;
}

const rowsAtOnce = 500;

/** Takes a snapshot, and keeps nobody from writing. It ends with `work`. */
export async function withSnapshot<T>(
  { store, config }: { store: Store; config: Pick<HubConfig, 'dataFolder'> },
  work: (snapshot: Snapshot) => Promise<T>,
): Promise<T> {
  return store.engine === 'sqlite'
    ? withSqliteSnapshot(config.dataFolder, work)
    : withPostgresSnapshot(store, work);
}

/** A reader of the write-ahead log sees it as it was when it began (https://www.sqlite.org/isolation.html). */
async function withSqliteSnapshot<T>(
  dataFolder: string,
  work: (snapshot: Snapshot) => Promise<T>,
): Promise<T> {
  const database = new DatabaseSync(sqliteFileOf(dataFolder), { readOnly: true });
  try {
    database.exec('begin');
    // The moment is that of the first read.
    database.prepare('select count(*) from schema_migrations').get();
    return await work({
      async *rows({ name, columns }) {
        const select = database.prepare(`select ${columns.map(quote).join()} from ${quote(name)}`);
        for (const row of select.iterate()) yield backupRowSchema.parse(columns.map((column) => row[column]));
      },
    });
  } finally {
    database.close();
  }
}

async function withPostgresSnapshot<T>(store: Store, work: (snapshot: Snapshot) => Promise<T>): Promise<T> {
  return store.db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(async (db) => {
      // The moment is that of the first query.
      await sql`select 1`.execute(db);
      return work({
        async *rows({ name, columns, key }) {
          const names = sql.join(columns.map((column) => sql.ref(column)));
          const order = sql.join(key.map((column) => sql.ref(column)));
          let after: BackupValue[] | null = null;
          for (;;) {
            const beyond = after === null ? sql`` : sql`where (${order}) > (${sql.join(after)})`;
            const query = sql<Record<string, unknown>>`
              select ${names} from ${sql.table(name)} ${beyond} order by ${order} limit ${sql.lit(rowsAtOnce)}`;
            const { rows } = await query.execute(db);
            const last = rows.at(-1);
            if (!last) return;
            for (const row of rows) yield backupRowSchema.parse(columns.map((column) => row[column]));
            after = backupRowSchema.parse(key.map((column) => last[column]));
          }
        },
      });
    });
}

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
