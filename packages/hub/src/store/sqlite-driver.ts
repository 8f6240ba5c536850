import { CompiledQuery, type DatabaseConnection, type Driver, type QueryResult } from 'kysely';
import type { Sleep } from '../ground/clock.ts';
import { millisecondsPerSecond } from '../ground/durations.ts';
import { sqliteBusy, sqliteCode } from './sqlite-codes.ts';

/** How long a statement waits for another process's write, all its pauses together, before it fails with SQLITE_BUSY. */
const longestWaitMilliseconds = 5 * millisecondsPerSecond;

/** A write of a hub takes a fraction of a millisecond; what holds the lock for longer is looked after more seldom. */
const pauses = [1, 1, 2, 3, 5, 10, 15] as const;
const longestPauseMilliseconds = 25;

const begin = CompiledQuery.raw('begin immediate');
const commit = CompiledQuery.raw('commit');
const rollback = CompiledQuery.raw('rollback');

/** A statement that is prepared. */
export interface DriverStatement {
  /** Whether it leaves the database as it is. */
  isQuery: boolean;
  /** Whether it gives rows back: a query, or a write with `returning`. */
  reader: boolean;
  all(parameters: readonly unknown[]): unknown[];
  run(parameters: readonly unknown[]): { changes: number | bigint; lastInsertRowid: number | bigint };
}

/** A database as the driver needs it. */
export interface DriverDatabase {
  prepare(sql: string): DriverStatement;
  close(): void;
}

/**
 * Runs statements on the one connection that a process has to its SQLite file. `node:sqlite` works on the event loop and
 * would stand still with it while another process holds the write lock, so SQLite itself is told not to wait at all, and
 * the waiting is done here between two tries. One write waits at a time, those behind it for their turn; reads go on
 * meanwhile. While a transaction runs, everything else waits: it would see what is not committed.
 *
 * A transaction takes the write lock when it begins: one that reads first and writes later would fail with
 * SQLITE_BUSY_SNAPSHOT when another process wrote in between, however long it waits.
 */
export class SqliteDriver implements Driver {
  readonly #database: DriverDatabase;
  readonly #sleep: Sleep;
  /** Writes that wait for their turn, in the order in which they came. */
  readonly #waiting: (() => void)[] = [];
  #isWriting = false;
  /** The connection whose transaction runs, and what resolves when it is over. */
  #transaction: { holder: DatabaseConnection; over: Promise<void>; end: () => void } | null = null;

  constructor({ database, sleep }: { database: DriverDatabase; sleep: Sleep }) {
    this.#database = database;
    this.#sleep = sleep;
  }

  async init(): Promise<void> {
    // The database is open already.
  }

  async acquireConnection(): Promise<DatabaseConnection> {
    return new SqliteConnection(this);
  }

  async releaseConnection(): Promise<void> {
    // There is but one, which stays.
  }

  async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await this.#takeTurn();
    try {
      await this.#runUnlocked(begin);
    } catch (error) {
      this.#endTurn();
      throw error;
    }
    const { promise: over, resolve: end } = Promise.withResolvers<void>();
    this.#transaction = { holder: connection, over, end };
  }

  async commitTransaction(): Promise<void> {
    await this.#runUnlocked(commit);
    this.#endTransaction();
  }

  async rollbackTransaction(): Promise<void> {
    try {
      await this.#runUnlocked(rollback);
    } catch (error) {
      // SQLite rolls back by itself when the disk is full or fails (https://www.sqlite.org/lang_transaction.html).
      if (!isNoTransactionLeft(error)) throw error;
    } finally {
      this.#endTransaction();
    }
  }

  async destroy(): Promise<void> {
    this.#database.close();
  }

  async execute<Row>(connection: DatabaseConnection, query: CompiledQuery): Promise<QueryResult<Row>> {
    if (this.#transaction?.holder === connection) return this.#runUnlocked(query);
    if (!this.#database.prepare(query.sql).isQuery) return this.#write(query);
    while (this.#transaction !== null) await this.#transaction.over;
    return this.#runUnlocked(query);
  }

  async #write<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
    await this.#takeTurn();
    try {
      return await this.#runUnlocked(query);
    } finally {
      this.#endTurn();
    }
  }

  async #takeTurn(): Promise<void> {
    if (this.#isWriting) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#isWriting = true;
  }

  /** Hands the turn over, so that nobody who comes just now gets in between. */
  #endTurn(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#isWriting = false;
  }

  #endTransaction(): void {
    const ended = this.#transaction;
    this.#transaction = null;
    ended?.end();
    this.#endTurn();
  }

  /** Runs a statement, again and again while another process holds the lock. */
  async #runUnlocked<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
    let waited = 0;
    for (let tries = 0; ; tries += 1) {
      try {
        return run(this.#database.prepare(query.sql), query.parameters);
      } catch (error) {
        if (sqliteCode(error) !== sqliteBusy || waited >= longestWaitMilliseconds) throw error;
      }
      const pause = pauses[tries] ?? longestPauseMilliseconds;
      waited += pause;
      await this.#sleep(pause);
    }
  }
}

/** Who runs statements; each transaction has one of its own. */
class SqliteConnection implements DatabaseConnection {
  readonly #driver: SqliteDriver;

  constructor(driver: SqliteDriver) {
    this.#driver = driver;
  }

  executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
    return this.#driver.execute(this, query);
  }

  streamQuery<Row>(): AsyncIterableIterator<QueryResult<Row>> {
    throw new Error('Rows of SQLite are read page by page, not as a stream.');
  }
}

function run<Row>(statement: DriverStatement, parameters: readonly unknown[]): QueryResult<Row> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Kysely knows what it has asked for
  if (statement.reader) return { rows: statement.all(parameters) as Row[] };
  const { changes, lastInsertRowid } = statement.run(parameters);
  return { insertId: BigInt(lastInsertRowid), numAffectedRows: BigInt(changes), rows: [] };
}

function isNoTransactionLeft(error: unknown): boolean {
  return error instanceof Error && /no transaction is active/.test(error.message);
}
