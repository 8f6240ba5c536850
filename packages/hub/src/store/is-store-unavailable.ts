// https://www.sqlite.org/rescode.html
const sqliteBusy = 5;
const sqliteFull = 13;
const sqliteIoError = 10;
const sqliteUnavailable = new Set([sqliteBusy, sqliteIoError, sqliteFull]);

// https://www.postgresql.org/docs/current/errcodes-appendix.html
const connectionException = /^08/;
const insufficientResources = /^53/;
/** The server is shut down, or is starting. */
const operatorIntervention = /^57P/;
const serializationFailure = /^40/;
const postgresUnavailable = [
  connectionException,
  insufficientResources,
  operatorIntervention,
  serializationFailure,
];

const networkFailures = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOENT', 'ENOTFOUND', 'EPIPE', 'ETIMEDOUT']);

/** What `pg` says, without a code, when a connection could not be had or was lost. */
const driverMessages = /^(timeout exceeded when trying to connect|Connection terminated)/;

/** Whether a query failed because the database can't be reached or is overloaded, not because the query is wrong. */
export function isStoreUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ('errcode' in error && typeof error.errcode === 'number') {
    return sqliteUnavailable.has(error.errcode & 0xff);
  }
  if (driverMessages.test(error.message)) return true;
  if (!('code' in error) || typeof error.code !== 'string') return false;
  const { code } = error;
  return networkFailures.has(code) || postgresUnavailable.some((codes) => codes.test(code));
}
