import { accessSync, constants, existsSync, statfsSync } from 'node:fs';
import path from 'node:path';
import { type Kysely, sql } from 'kysely';
import type { HubConfig } from '../config/config.ts';
import { migrations } from '../store/migrations/migrations.ts';
import { sqliteFileOf } from '../store/open-sqlite.ts';
import { openBareStore } from '../store/open-store.ts';
import { findOwnTables } from '../store/own-tables.ts';
import type { Database } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import { type Finding, failing, findingOf, fine, warning } from './finding.ts';

const name = 'database';
const megabyte = 1024 * 1024;
/** Too little to go on with, and little. */
const fewestMegabytes = 50;
const fewMegabytes = 500;

/** What was found, and the database itself where it can be read: whoever gets it closes it. */
export interface DatabaseExamination {
  findings: Finding[];
  store: Store | null;
}

/** Looks whether the database is there, of this version, and lets itself be written to. It is not made, nor changed. */
export async function examineDatabase(config: HubConfig): Promise<DatabaseExamination> {
  if (config.databaseUrl === null) {
    const missing = examineFolder(config.dataFolder);
    if (missing) return { findings: [missing], store: null };
  }
  let store: Store | null = null;
  try {
    store = await openBareStore(config);
    const findings = [
      await examineTables(store),
      ...(store.engine === 'sqlite' ? examineRoom(config.dataFolder) : await examineServer(store.db)),
    ];
    return { findings, store };
  } catch (error) {
    await store?.close();
    return { findings: [findingOf(name, error)], store: null };
  }
}

/** @returns null where there is a database */
function examineFolder(dataFolder: string): Finding | null {
  if (existsSync(sqliteFileOf(dataFolder))) return null;
  try {
    accessSync(existsSync(dataFolder) ? dataFolder : path.dirname(path.resolve(dataFolder)), constants.W_OK);
  } catch {
    return failing(
      name,
      `There is none yet, and it can’t be made in ${dataFolder}.`,
      'Make the folder writable for this user, or name another one with LATCHKEY_DATA or --data.',
    );
  }
  return warning(
    name,
    `There is none yet in ${dataFolder}.`,
    'The first start makes it; or name another folder.',
  );
}

async function examineTables(store: Store): Promise<Finding> {
  const tables = (await findOwnTables(store.db)).map((table) => table.name);
  if (!tables.includes('schema_migrations')) {
    return warning(name, 'It has no tables yet.', 'The first start makes them; it needs the right to.');
  }
  const { rows } = await sql<{ name: string }>`select name from schema_migrations`.execute(store.db);
  const known = migrations.map((migration) => migration.name);
  const newer = rows.filter((row) => !known.includes(row.name));
  if (newer.length > 0) {
    return failing(
      name,
      'It was written by a newer version of Latchkey.',
      'Start the newer version, or restore the backup from before the upgrade.',
    );
  }
  const missing = known.length - rows.length;
  const engine = store.engine === 'sqlite' ? 'SQLite' : 'PostgreSQL';
  if (missing > 0) {
    return warning(name, `${engine}, ${missing} changes behind this version.`, 'The next start makes them.');
  }
  await proveRights(store);
  return fine(name, `${engine}, of this version, and it takes writes.`);
}

/** A write that is taken back. */
async function proveRights(store: Store): Promise<void> {
  const probe = { id: 'doctor', written_at: 0 };
  const taken = new Error('taken back');
  try {
    await store.db.transaction().execute(async (db) => {
      await db.insertInto('write_probes').values(probe).execute();
      throw taken;
    });
  } catch (error) {
    if (error !== taken) throw explain(error);
  }
}

function explain(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  return Object.assign(new Error(`It takes no writes: ${error.message}.`, { cause: error }), {
    remedy:
      'Give the database room and this user the right to write; end whoever holds it; on PostgreSQL name the primary.',
  });
}

function examineRoom(dataFolder: string): Finding[] {
  const { bavail, bsize } = statfsSync(dataFolder);
  return [judgeRoom(Math.floor((bavail * bsize) / megabyte), dataFolder)];
}

/** @param free megabytes */
export function judgeRoom(free: number, dataFolder: string): Finding {
  const detail = `${free} MB are free in ${dataFolder}.`;
  const advice = 'Make room: a full disk keeps the hub from storing refreshed tokens.';
  if (free < fewestMegabytes) return failing('disk', detail, advice);
  return free < fewMegabytes ? warning('disk', detail, advice) : fine('disk', detail);
}

async function examineServer(db: Kysely<Database>): Promise<Finding[]> {
  const { rows } = await sql<{ timeout: string; version: string }>`
    select current_setting('statement_timeout') as timeout, current_setting('server_version') as version`.execute(
    db,
  );
  const [row] = rows;
  const role = await sql<{ setting: string }>`
    select unnest(setconfig) as setting from pg_db_role_setting
    where setrole = (select oid from pg_roles where rolname = current_user)`
    .execute(db)
    .catch(() => ({ rows: [] }));
  const hasOwnLimit = role.rows.some(({ setting }) => setting.startsWith('statement_timeout='));
  const detail = `Version ${row?.version ?? 'unknown'}, ${hasOwnLimit ? 'with' : 'without'} a limit of time of the user’s own.`;
  return [fine('database server', detail)];
}
