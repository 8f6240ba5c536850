import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { explainConnectFailure } from './explain-postgres.ts';
import { limitsOfDriver, openPostgresPool, type PostgresLimits, servingLimits } from './postgres-pool.ts';
import type { Database } from './schema.ts';
import type { Store } from './store.ts';

/**
 * Opens a pool of connections to PostgreSQL, or to a database that speaks its protocol, and proves that it answers.
 *
 * @param url `postgres://user:password@host:port/database`
 * @throws StoreError of all that can be wrong with the way there, the certificates and the rights
 */
export async function openPostgres(url: string, limits: PostgresLimits = servingLimits): Promise<Store> {
  const pool = openPostgresPool(url, limits);
  try {
    const client = await pool.connect();
    client.release();
  } catch (error) {
    await pool.end();
    if (refusesParameters(error)) return openPostgres(url, limitsOfDriver(limits));
    throw explainConnectFailure(error, url);
  }
  return {
    db: new Kysely<Database>({ dialect: new PostgresDialect({ pool }) }),
    engine: 'postgres',
    // A server keeps what it has acknowledged.
    provePlace: () => Promise.resolve(),
    close: () => pool.end(),
  };
}

/** PgBouncer ends a connection that asks for a setting which it does not keep apart for each client. */
function refusesParameters(error: unknown): boolean {
  return error instanceof pg.DatabaseError && /unsupported startup parameter/i.test(error.message);
}
