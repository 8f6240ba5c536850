import { Socket } from 'node:net';
import type { PostgresCursor, PostgresPool, PostgresPoolClient, PostgresQueryResult } from 'kysely';
import pg from 'pg';
import { startSystemTimer } from '../ground/clock.ts';
import { millisecondsPerSecond } from '../ground/durations.ts';
import { isTransactionGivenUp } from './in-transaction.ts';
import { readPostgresUrl } from './read-postgres-url.ts';
import { mostAttempts, waitToRepeat } from './wait-to-repeat.ts';

const connections = 10;
const connectWithinMilliseconds = 5 * millisecondsPerSecond;
const closeWithinMilliseconds = 2 * millisecondsPerSecond;
/** An idle connection says something that often: firewalls forget silent ones, and one whose other end is gone is found out. */
const keepAliveAfterMilliseconds = 10 * millisecondsPerSecond;

/** How long a statement may take, by the driver's names; a URL that has them wins. */
export type PostgresLimits = Pick<
  pg.PoolConfig,
  'statement_timeout' | 'query_timeout' | 'idle_in_transaction_session_timeout'
>;

/**
 * For all that somebody waits for. The server ends what takes long; the driver gives a connection up that says nothing, as
 * after a failover or behind a firewall that drops its packets; and a hub that was stopped within a transaction keeps its
 * rows locked for so long only.
 */
export const servingLimits: PostgresLimits = {
  statement_timeout: 5 * millisecondsPerSecond,
  query_timeout: 7 * millisecondsPerSecond,
  idle_in_transaction_session_timeout: 10 * millisecondsPerSecond,
};

/** For what may take long: an index on a table of millions of rows, a backup. */
export const noLimits: PostgresLimits = {};

/** The same without what is the server's: PgBouncer takes no such parameters at the start of a connection. */
export function limitsOfDriver({ query_timeout }: PostgresLimits): PostgresLimits {
  return { query_timeout };
}

/** @returns connections for Kysely, of which none is used again that has fallen silent or was cut */
export function openPostgresPool(url: string, limits: PostgresLimits): PostgresPool {
  const sockets = new Set<Socket>();
  const pool = new pg.Pool({
    ...limits,
    ...readPostgresUrl(url),
    max: connections,
    connectionTimeoutMillis: connectWithinMilliseconds,
    keepAlive: true,
    keepAliveInitialDelayMillis: keepAliveAfterMilliseconds,
    application_name: 'latchkey',
    stream: () => keepSocket(sockets),
    types: {
      getTypeParser: (oid, format): unknown => (oid === INT8 ? Number : pg.types.getTypeParser(oid, format)),
    },
  });
  // A connection that the server ends, idle or at work. The query at work fails and tells it, the pool makes another
  // connection when it needs one; without these listeners the process would end (node-postgres, "pool.on('error')").
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));

  const watched = new WeakMap<pg.PoolClient, PostgresPoolClient>();
  return {
    options: pool.options,
    async connect() {
      const client = await pool.connect();
      const known = watched.get(client) ?? watchClient(client);
      watched.set(client, known);
      return known;
    },
    async end() {
      if (pool.ended || pool.ending) return;
      // A server that says nothing would not say goodbye either.
      using _cutOff = startSystemTimer(closeWithinMilliseconds, () => {
        for (const socket of sockets) socket.destroy();
      });
      await pool.end();
      // The pool waits for no goodbye of connections that were idle; one that fell silent would hold the process up.
      for (const socket of sockets) socket.destroySoon();
    },
  };
}

/** Our whole numbers (times, counts) are far below 2^53; `pg` gives them as text otherwise. */
const { INT8 } = pg.types.builtins;

function keepSocket(sockets: Set<Socket>): Socket {
  const socket = new Socket();
  sockets.add(socket);
  return socket.once('close', () => sockets.delete(socket));
}

/**
 * A query that was given up is still under way on its connection, and the next one would wait behind it: such a
 * connection fails from then on, and goes when it is released.
 */
function watchClient(client: PostgresPoolClient): PostgresPoolClient {
  let loss: { cause: unknown } | null = null;
  let isInTransaction = false;

  async function ask<Row>(sql: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<Row>> {
    const isEnd = sql === 'commit' || sql === 'rollback';
    if (sql === 'begin' || sql.startsWith('start transaction')) isInTransaction = true;
    // The end is part of it: a `commit` after one that was refused succeeds, and has stored nothing.
    const isAlone = !isInTransaction && !isEnd;
    if (isEnd) isInTransaction = false;
    for (let attempt = 1; ; attempt += 1) {
      if (loss !== null) throw loss.cause;
      try {
        return await client.query<Row>(sql, parameters);
      } catch (error) {
        if (isLost(error)) loss = { cause: error };
        if (!isAlone || attempt === mostAttempts || !isTransactionGivenUp(error)) throw error;
        await waitToRepeat(attempt);
      }
    }
  }

  function query<Row>(sql: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<Row>>;
  function query<Row>(cursor: PostgresCursor<Row>): PostgresCursor<Row>;
  function query<Row>(
    asked: string | PostgresCursor<Row>,
    parameters: readonly unknown[] = [],
  ): Promise<PostgresQueryResult<Row>> | PostgresCursor<Row> {
    if (typeof asked === 'string') return ask<Row>(asked, parameters);
    throw new Error('Rows are read page by page, not by a cursor.');
  }

  return { query, release: (destroy) => client.release(destroy === true || loss !== null) };
}

/** The connection is cut or silent, its server shuts down, or is not the primary any more. */
function isLost(error: unknown): boolean {
  return !(error instanceof pg.DatabaseError) || /^(?:08|57P|25006)/.test(error.code ?? '');
}
