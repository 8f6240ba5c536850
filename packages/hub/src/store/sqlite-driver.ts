import type { CompiledQuery, DatabaseConnection, Driver, QueryResult } from 'kysely';
import type { Sleep } from '../ground/clock.ts';
import { type DriverDatabase, SqliteWrites } from './sqlite-writes.ts';

/**
 * Runs statements on the one connection that a process has to its SQLite file. `node:sqlite` works on the event loop and
 * would stand still with it while another process holds the write lock, so SQLite itself is told not to wait at all, and
 * the waiting is done here between two tries. Writes take turns; reads go on while one waits. While a transaction runs,
 * everything else waits: it would see what is not committed.
 */
export class SqliteDriver implements Driver {
  readonly #database: DriverDatabase;
  readonly #writes: SqliteWrites;

  constructor({ database, sleep }: { database: DriverDatabase; sleep: Sleep }) {
    this.#database = database;
    this.#writes = new SqliteWrites({ database, sleep });
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

  beginTransaction(connection: DatabaseConnection): Promise<void> {
    return this.#writes.begin(connection);
  }

  commitTransaction(connection: DatabaseConnection): Promise<void> {
    return this.#writes.end(connection, 'commit');
  }

  rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    return this.#writes.end(connection, 'rollback');
  }

  async destroy(): Promise<void> {
    this.#database.close();
  }

  async execute(connection: DatabaseConnection, query: CompiledQuery): Promise<QueryResult<unknown>> {
    const writes = this.#writes;
    if (writes.isRunning(connection)) return writes.runInTransaction(query);
    const { kind } = this.#database.prepare(query.sql);
    if (kind !== 'query') return writes.write(query, kind === 'change');
    for (let over = writes.uncommitted(); over !== null; over = writes.uncommitted()) await over;
    return writes.runPatiently(query);
  }
}

/** Who runs statements; each transaction has one of its own. */
class SqliteConnection implements DatabaseConnection {
  readonly #driver: SqliteDriver;

  constructor(driver: SqliteDriver) {
    this.#driver = driver;
  }

  executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Kysely knows what it has asked for
    return this.#driver.execute(this, query) as Promise<QueryResult<Row>>;
  }

  streamQuery<Row>(): AsyncIterableIterator<QueryResult<Row>> {
    throw new Error('Rows of SQLite are read page by page, not as a stream.');
  }
}
