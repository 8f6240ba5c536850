import { type Kysely, sql } from 'kysely';
import pg from 'pg';
import { isCertificateUntrusted } from '../ground/is-certificate-untrusted.ts';
import { insufficientPrivilege, isLastingRefusal, readOnlyTransaction } from './is-lasting-refusal.ts';
import type { Database } from './schema.ts';
import { StoreError, type StoreErrorCode } from './store-error.ts';

// https://www.postgresql.org/docs/current/errcodes-appendix.html
const invalidAuthorization = '28000';

/** What an answer of the driver to the first query means to the person who starts. No message has the password in it. */
export function explainConnectFailure(error: unknown, url: string): StoreError {
  const { hostname, port, pathname, username } = new URL(url);
  const place = `${hostname}${port ? `:${port}` : ''}${pathname}`;
  if (error instanceof pg.DatabaseError) {
    const detail = `${place} (${error.message})`;
    if (error.code === invalidAuthorization && /\b(?:no encryption|SSL off)$/.test(error.message)) {
      return new StoreError('database_requires_tls', detail, { cause: error });
    }
    if (error.code === insufficientPrivilege) {
      const grant = `GRANT CONNECT ON DATABASE ${quote(decode(pathname.slice(1)))} TO ${quote(decode(username))};`;
      return new StoreError('database_forbidden', detail, {
        cause: error,
        remedy: `Let the database's owner run: ${grant}`,
      });
    }
    return new StoreError('database_refused', detail, { cause: error });
  }
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return new StoreError(problemOf(error, code), code === '' ? place : `${place} (${code})`, { cause: error });
}

function problemOf(error: unknown, code: string): StoreErrorCode {
  if (isCertificateUntrusted(code)) return 'database_untrusted';
  if (/^(?:ERR_TLS_CERT_ALTNAME|CERT_)/.test(code)) return 'database_certificate_wrong';
  // The driver's own words, without a code.
  if (error instanceof Error && /does not support SSL/.test(error.message)) return 'database_without_tls';
  return 'database_unreachable';
}

/**
 * What it means that the tables can't be made or read: since PostgreSQL 15 the schema `public` is its owner's alone.
 * Other failures come back as they are.
 */
export async function explainTableFailure(error: unknown, db: Kysely<Database>): Promise<unknown> {
  if (!(error instanceof pg.DatabaseError) || !isLastingRefusal(error)) return error;
  const cause = { cause: error };
  if (error.code === readOnlyTransaction) return new StoreError('database_read_only', error.message, cause);
  const place = await sql<{ user: string; schema: string | null }>`
    select current_user as "user", current_schema() as schema`.execute(db);
  const { user = '', schema = null } = place.rows[0] ?? {};
  return new StoreError('database_forbidden', `${error.message} (user ${quote(user)})`, {
    ...cause,
    remedy: `Let the owner run: ${grantsFor(error.message, { user: quote(user), schema })}`,
  });
}

function grantsFor(message: string, { user, schema }: { user: string; schema: string | null }): string {
  // It comes first in the search path that every user has, and holds nothing else.
  const ownSchema = `CREATE SCHEMA AUTHORIZATION ${user};`;
  if (schema === null) return ownSchema;
  if (message.startsWith('permission denied for table')) {
    return `GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${quote(schema)} TO ${user};`;
  }
  if (message.startsWith('must be owner')) {
    return `ALTER TABLE … OWNER TO ${user}; for every table of the schema ${quote(schema)}`;
  }
  return `GRANT USAGE, CREATE ON SCHEMA ${quote(schema)} TO ${user}; or, to keep the tables apart from others: ${ownSchema}`;
}

/** As the driver has it, a percent sign that encodes nothing stands for itself. */
function decode(text: string): string {
  return decodeURIComponent(text.replaceAll(/%(?![\da-f]{2})/gi, '%25'));
}

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
