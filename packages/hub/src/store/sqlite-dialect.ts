import type { DatabaseSync, SQLInputValue, SQLOutputValue, StatementSync } from 'node:sqlite';
import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  SqliteAdapter,
  type SqliteDatabase,
  SqliteDriver,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type SqliteStatement,
} from 'kysely';
import { LRUCache } from 'lru-cache';
import { UnstorableTextError } from './unstorable-text.ts';

/** Preparing costs more than running most of our queries; there are about a hundred different ones. */
const preparedStatements = 500;

/** @returns Kysely's dialect over Node's built-in SQLite */
export function createSqliteDialect(database: DatabaseSync): Dialect {
  return {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new ImmediateSqliteDriver({ database: adaptDatabase(database) }),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}

/**
 * A transaction takes the write lock when it begins: one that reads first and writes later would fail with
 * SQLITE_BUSY_SNAPSHOT, whatever the busy timeout, when another process wrote in between.
 */
class ImmediateSqliteDriver extends SqliteDriver {
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'));
  }
}

function adaptDatabase(database: DatabaseSync): SqliteDatabase {
  const statements = new LRUCache<string, SqliteStatement>({ max: preparedStatements });
  return {
    close() {
      if (database.isOpen) database.close();
    },
    prepare(sql) {
      const cached = statements.get(sql);
      if (cached) return cached;
      const statement = adaptStatement(database.prepare(sql), sql);
      statements.set(sql, statement);
      return statement;
    },
  };
}

function adaptStatement(statement: StatementSync, sql: string): SqliteStatement {
  const isQuery = /^\s*select\b/i.test(sql);
  // What writes and returns must not run twice.
  if (!isQuery) statement.setReadBigInts(true);
  return {
    reader: statement.columns().length > 0,
    // Rows come without a prototype, unlike those of `pg`.
    all(parameters) {
      const inputs = toInputs(parameters);
      return isQuery
        ? readAll(statement, inputs).map((row) => ({ ...row }))
        : statement.all(...inputs).map(roundBigInts);
    },
    run: (parameters) => statement.run(...toInputs(parameters)),
    iterate: (parameters) => statement.iterate(...toInputs(parameters)),
  };
}

/**
 * Node refuses a whole result for one integer beyond 2^53; `pg` rounds it. Rounded, it is one row's trouble alone, and
 * whoever shows that row sees that the number is none.
 */
function readAll(statement: StatementSync, inputs: SQLInputValue[]): Record<string, SQLOutputValue>[] {
  try {
    return statement.all(...inputs);
  } catch (error) {
    if (!isOutOfRange(error)) throw error;
  }
  statement.setReadBigInts(true);
  try {
    return statement.all(...inputs).map(roundBigInts);
  } finally {
    statement.setReadBigInts(false);
  }
}

function roundBigInts(row: Record<string, SQLOutputValue>): Record<string, SQLOutputValue> {
  const entries = Object.entries(row);
  return Object.fromEntries(
    entries.map(([name, value]) => [name, typeof value === 'bigint' ? Number(value) : value]),
  );
}

function isOutOfRange(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_OUT_OF_RANGE';
}

function toInputs(parameters: readonly unknown[]): SQLInputValue[] {
  return parameters.map(toInput);
}

/** Only what is the same on PostgreSQL: a boolean, for one, is refused on both alike. */
function toInput(value: unknown): SQLInputValue {
  if (typeof value === 'string' && value.includes('\0')) throw new UnstorableTextError();
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint') {
    return value;
  }
  throw new TypeError(`A query parameter of type ${typeof value} has no place in the database.`);
}
