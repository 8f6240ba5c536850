import { readOnlyTransaction } from './is-lasting-refusal.ts';
import { sqliteBusy, sqliteCode, sqliteFull, sqliteIoError } from './sqlite-codes.ts';
import { StoreError } from './store-error.ts';

const sqliteUnavailable: readonly number[] = [sqliteBusy, sqliteIoError, sqliteFull];

// https://www.postgresql.org/docs/current/errcodes-appendix.html
const connectionException = /^08/;
const insufficientResources = /^53/;
/** The server is shut down, or is starting; it ends a statement that takes too long (57014). */
const operatorIntervention = /^57(?:P|014)/;
const serializationFailure = /^40/;
/** The server was the primary until a moment ago. */
const noPrimary = new RegExp(`^${readOnlyTransaction}$`);
const postgresUnavailable = [
  connectionException,
  insufficientResources,
  operatorIntervention,
  serializationFailure,
  noPrimary,
];

const networkFailures: readonly string[] = [
  'EAI_AGAIN',
  'ECONNABORTED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOENT',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
];

/** What `pg` says, without a code, when a connection could not be had, fell silent or was lost. */
const driverMessages =
  /^(?:timeout exceeded when trying to connect|Connection terminated|Query read timeout|Client (?:has encountered a connection error|was closed) and is not queryable)/;

/** Whether a query failed because the database can't be reached or is overloaded, not because the query is wrong. */
export function isStoreUnavailable(error: unknown): boolean {
  if (error instanceof StoreError) return error.code === 'database_moved';
  const code = sqliteCode(error);
  if (code !== null) return sqliteUnavailable.includes(code);
  return isPostgresUnavailable(error);
}

/** Whether a connection to PostgreSQL can't be used, or was lost with the query that it carried. */
function isPostgresUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (driverMessages.test(error.message)) return true;
  if (!('code' in error) || typeof error.code !== 'string') return false;
  const { code } = error;
  return networkFailures.includes(code) || postgresUnavailable.some((codes) => codes.test(code));
}
