import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { millisecondsPerSecond } from '../ground/durations.ts';
import { isCertificateUntrusted } from '../ground/is-certificate-untrusted.ts';
import type { Database } from './schema.ts';
import type { Store } from './store.ts';
import { StoreError } from './store-error.ts';

const connections = 10;
const connectTimeoutMilliseconds = 5 * millisecondsPerSecond;

/** Our whole numbers (times, counts) are far below 2^53; `pg` gives them as text otherwise. */
const { INT8 } = pg.types.builtins;

/**
 * Opens a pool of connections to PostgreSQL, or to a database that speaks its protocol, and proves that it answers.
 *
 * @param url `postgres://user:password@host:port/database`
 * @throws StoreError `database_unreachable`, `database_untrusted`, `database_refused`
 */
export async function openPostgres(url: string): Promise<Store> {
  const pool = new pg.Pool({
    connectionString: url,
    max: connections,
    connectionTimeoutMillis: connectTimeoutMilliseconds,
    application_name: 'latchkey',
    types: {
      getTypeParser: (oid, format): unknown => (oid === INT8 ? Number : pg.types.getTypeParser(oid, format)),
    },
  });
  // A connection that the server ends, idle or at work. The query at work fails and tells it, the pool makes another
  // connection when it needs one; without these listeners the process would end (node-postgres, "pool.on('error')").
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  try {
    await pool.query('select 1');
  } catch (error) {
    await pool.end();
    throw toStoreError(error, url);
  }
  const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool }) });
  return { db, engine: 'postgres', close: () => (pool.ended ? Promise.resolve() : pool.end()) };
}

function toStoreError(error: unknown, url: string): StoreError {
  const { hostname, port, pathname } = new URL(url);
  const place = `${hostname}${port ? `:${port}` : ''}${pathname}`;
  // The server's own words; a driver's message would not carry the password either.
  if (error instanceof pg.DatabaseError) {
    return new StoreError('database_refused', `${place} (${error.message})`, { cause: error });
  }
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const problem = isCertificateUntrusted(code) ? 'database_untrusted' : 'database_unreachable';
  return new StoreError(problem, code === '' ? place : `${place} (${code})`, { cause: error });
}
