import type { DatabaseSync, SQLInputValue, SQLOutputValue, StatementSync } from 'node:sqlite';
import { type Dialect, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely';
import { LRUCache } from 'lru-cache';
import type { Sleep } from '../ground/clock.ts';
import { SqliteDriver } from './sqlite-driver.ts';
import type { DriverDatabase, DriverStatement } from './sqlite-writes.ts';
import { UnstorableTextError } from './unstorable-text.ts';

/** Preparing costs more than running most of our queries; there are about a hundred different ones. */
const preparedStatements = 500;

interface DialectOptions {
  /** What passes the time while another process holds the lock. */
  sleep: Sleep;
  /** Fails where the file is not the one any more that was opened. */
  provePlace: () => void;
}

/** @returns Kysely's dialect over Node's built-in SQLite */
export function createSqliteDialect(database: DatabaseSync, { sleep, provePlace }: DialectOptions): Dialect {
  return {
    createAdapter: () => new OrderedSqliteAdapter(),
    createDriver: () => new SqliteDriver({ database: { ...adaptDatabase(database), provePlace }, sleep }),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}

/** The driver itself sees to who comes when; Kysely would let nothing pass while one statement waits. */
class OrderedSqliteAdapter extends SqliteAdapter {
  override get supportsMultipleConnections(): boolean {
    return true;
  }
}

function adaptDatabase(database: DatabaseSync): Omit<DriverDatabase, 'provePlace'> {
  const statements = new LRUCache<string, DriverStatement>({ max: preparedStatements });
  return {
    isInTransaction: () => database.isOpen && database.isTransaction,
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

function adaptStatement(statement: StatementSync, sql: string): DriverStatement {
  const kind = kindOf(sql);
  const isQuery = kind === 'query';
  // What writes and returns must not run twice.
  if (!isQuery) statement.setReadBigInts(true);
  return {
    kind,
    reader: statement.columns().length > 0,
    // Rows come without a prototype, unlike those of `pg`.
    all(parameters) {
      const inputs = toInputs(parameters);
      return isQuery
        ? readAll(statement, inputs).map((row) => ({ ...row }))
        : statement.all(...inputs).map(roundBigInts);
    },
    run: (parameters) => statement.run(...toInputs(parameters)),
  };
}

function kindOf(sql: string): DriverStatement['kind'] {
  if (/^\s*select\b/i.test(sql)) return 'query';
  return /^\s*(?:insert|update|delete|with)\b/i.test(sql) ? 'change' : 'other';
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
