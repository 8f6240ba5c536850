import { sql } from 'kysely';
import type { Store } from '../store/store.ts';

const idDigits = 8;
const rowsAtOnce = 5_000;
const dayMilliseconds = 24 * 3_600_000;

/** @returns the id of a connection that `storeConnections` has stored. @param number from 1 on */
export function storedConnectionId(number: number): string {
  return `connection-${String(number).padStart(idDigits, '0')}`;
}

/**
 * Stores many connections at once, for measurements: each with a token set, which nobody can open, and with work that
 * falls due in turn within a day from `now` on.
 */
export async function storeConnections(store: Store, count: number, now: number): Promise<void> {
  const apart = dayMilliseconds / count;
  for (let from = 1; from <= count; from += rowsAtOnce)
    await storeSome(store, { from, to: Math.min(count, from + rowsAtOnce - 1), apart, now });
  for (const table of ['connections', 'token_sets', 'due_work'])
    await sql`analyze ${sql.table(table)}`.execute(store.db);
}

/** A statement has only seconds. */
async function storeSome(
  { db, engine }: Store,
  { from, to, apart, now }: { from: number; to: number; apart: number; now: number },
): Promise<void> {
  const [first, last] = [sql.lit(from), sql.lit(to)];
  const numbers =
    engine === 'sqlite'
      ? sql`numbers (n) as (select ${first} union all select n + 1 from numbers where n < ${last})`
      : sql`numbers (n) as (select generate_series(${first}, ${last}))`;
  const id =
    engine === 'sqlite'
      ? sql`printf('connection-%08d', n)`
      : sql`'connection-' || lpad(cast(n as text), ${sql.lit(idDigits)}, '0')`;
  const at = sql.lit(now);
  const prefix = sql`with recursive ${numbers}`;
  await sql`
    insert into connections (id, provider, name, description, method, environment_url, client_id, endpoint_version,
      request_timeout_seconds, disabled, failed_tries, last_proven_at, created_at, updated_at)
    ${prefix} select ${id}, 'dynamics-365', 'Connection', '', 'sign_in', 'https://contoso.crm4.dynamics.com', 'client',
      'v2', 20, 0, 0, ${at}, ${at} + n, ${at} from numbers
  `.execute(db);
  await sql`
    insert into token_sets (connection_id, version, sealed_access_token, sealed_refresh_token, access_token_digest,
      obtained_at, expires_at, refresh_token_obtained_at, lease_until, lease_fence)
    ${prefix} select ${id}, 1, 'sealed', 'sealed', 'AAAA', ${at}, ${at} + 3600000, ${at}, 0, 0 from numbers
  `.execute(db);
  await sql`
    insert into due_work (kind, subject_id, due_at, claimed_until)
    ${prefix} select 'connection', ${id}, cast(${at} + n * ${sql.lit(apart)} as bigint), 0 from numbers
  `.execute(db);
}
