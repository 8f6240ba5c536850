import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { millisecondsPerSecond } from '../ground/durations.ts';
import { explainConnectFailure } from './explain-postgres.ts';
import { readPostgresUrl } from './read-postgres-url.ts';
import type { Database } from './schema.ts';
import type { Store } from './store.ts';

const connections = 10;
const connectTimeoutMilliseconds = 5 * millisecondsPerSecond;

/** Our whole numbers (times, counts) are far below 2^53; `pg` gives them as text otherwise. */
const { INT8 } = pg.types.builtins;

/**
 * Opens a pool of connections to PostgreSQL, or to a database that speaks its protocol, and proves that it answers.
 *
 * @param url `postgres://user:password@host:port/database`
 * @throws StoreError of all that can be wrong with the way there, the certificates and the rights
 */
export async function openPostgres(url: string): Promise<Store> {
  const pool = new pg.Pool({
    ...readPostgresUrl(url),
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
    throw explainConnectFailure(error, url);
  }
  const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool }) });
  return { db, engine: 'postgres', close: () => (pool.ended ? Promise.resolve() : pool.end()) };
}
