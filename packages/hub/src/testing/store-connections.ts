import { sql } from 'kysely';
import type { Store } from '../store/store.ts';

const rowsAtOnce = 5_000;
/** PostgreSQL works on as many parts at a time. */
const atOnce = 2;
const dayMilliseconds = 24 * 3_600_000;
const eventsKeptMilliseconds = 90 * dayMilliseconds;
/** A million of them fill the room that random ids have, evenly and in the order in which they are stored. */
const idsApart = 4_294;

/** @returns the id of a connection that `storeConnections` has stored, as random as ids are. @param number from 1 on */
export function storedConnectionId(number: number): string {
  const hex = (value: number, digits: number) => value.toString(16).padStart(digits, '0');
  return `${hex(number * idsApart, 8)}-0000-4000-8000-${hex(number, 12)}`;
}

/** Of two tokens, as long as the vault makes them. */
export interface SealedTexts {
  access: string;
  refresh: string;
}

interface StoredRows {
  count: number;
  /** Epoch milliseconds: the time at which they are stored. */
  now: number;
  /** Taken in turn. Nobody can open them. */
  texts?: readonly SealedTexts[];
}

const shortTexts: readonly SealedTexts[] = [{ access: 'sealed', refresh: 'sealed' }];

/**
 * Stores many connections at once, for measurements: each with a token set, with what it is told by in its timeline, and with
 * work that falls due in turn within a day from `now` on.
 */
export async function storeConnections(
  store: Store,
  { count, now, texts = shortTexts }: StoredRows,
): Promise<void> {
  const apart = { work: dayMilliseconds / count, events: eventsKeptMilliseconds / count };
  const parts = Array.from(
    { length: Math.ceil(count / rowsAtOnce) },
    (_, index) => 1 + index * rowsAtOnce,
  ).values();
  const storeParts = async () => {
    for (const from of parts)
      await storeSome(store, { from, to: Math.min(count, from + rowsAtOnce - 1), apart, now, texts });
  };
  await Promise.all(Array.from({ length: atOnce }, storeParts));
  for (const table of ['connections', 'token_sets', 'due_work', 'events'])
    await sql`analyze ${sql.table(table)}`.execute(store.db);
}

interface Part {
  from: number;
  to: number;
  /** Milliseconds. */
  apart: { work: number; events: number };
  now: number;
  texts: readonly SealedTexts[];
}

/** A statement has only seconds. */
async function storeSome({ db, engine }: Store, { from, to, apart, now, texts }: Part): Promise<void> {
  const [first, last] = [sql.lit(from), sql.lit(to)];
  const numbers =
    engine === 'sqlite'
      ? sql`numbers (n) as (select ${first} union all select n + 1 from numbers where n < ${last})`
      : sql`numbers (n) as (select generate_series(cast(${first} as bigint), ${last}))`;
  const place = sql`n * ${sql.lit(idsApart)}`;
  const id =
    engine === 'sqlite'
      ? sql`printf('%08x-0000-4000-8000-%012x', ${place}, n)`
      : sql`lpad(to_hex(n * ${sql.lit(idsApart)}), 8, '0') || '-0000-4000-8000-' || lpad(to_hex(n), 12, '0')`;
  const at = sql.lit(now);
  const prefix = sql`with recursive ${numbers}`;
  await sql`
    insert into connections (id, provider, name, description, method, environment_url, tenant_id, client_id,
      endpoint_version, request_timeout_seconds, disabled, failed_tries, last_proven_at, state, state_since, created_at,
      updated_at)
    ${prefix} select ${id}, 'dynamics-365', 'Connection', '', 'sign_in', 'https://contoso.crm4.dynamics.com',
      '6f0c1d2e-3b4a-4c5d-8e6f-7a8b9c0d1e2f', '1a2b3c4d-5e6f-4a7b-8c9d-0e1f2a3b4c5d',
      'v2', 20, 0, 0, ${at}, 'ready', ${at}, ${at} + n, ${at} from numbers
  `.execute(db);
  const rows = texts.map(({ access, refresh }, index) => sql`(${sql.lit(index)}, ${access}, ${refresh})`);
  await sql`
    insert into token_sets (connection_id, version, sealed_access_token, sealed_refresh_token, access_token_digest,
      obtained_at, expires_at, refresh_token_obtained_at, lease_until, lease_fence)
    ${prefix}, texts (number, access, refresh) as (values ${sql.join(rows)})
    select ${id}, 1, access, refresh, 'AAAA', ${at}, ${at} + 3600000, ${at}, 0, 0
    from numbers cross join texts where number = n % ${sql.lit(texts.length)}
  `.execute(db);
  await sql`
    insert into due_work (kind, subject_id, due_at, claimed_until)
    ${prefix} select 'connection', ${id}, cast(${at} + n * ${sql.lit(apart.work)} as bigint), 0 from numbers
  `.execute(db);
  await sql`
    insert into events (id, subject_kind, subject_id, happened_at, kind, summary, facts)
    ${prefix} select ${id}, 'connection', ${id},
      cast(${at} - ${sql.lit(eventsKeptMilliseconds)} + n * ${sql.lit(apart.events)} as bigint),
      'refreshed', 'The tokens were refreshed.', '{}' from numbers
  `.execute(db);
}
