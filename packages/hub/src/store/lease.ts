import { type RawBuilder, type Selectable, type SqlBool, sql } from 'kysely';
import { clockDifference } from '../ground/bounded-times.ts';
import type { Sleep, StartTimer } from '../ground/clock.ts';
import { millisecondsPerSecond } from '../ground/durations.ts';
import type { Random } from '../ground/random.ts';
import type { DatabaseNow } from './database-now.ts';
import type { Database } from './schema.ts';
import type { Store } from './store.ts';

/**
 * Leases: a row says who works on what it stands for, and until when by the database's time, so that clocks of hubs that
 * differ change nothing. Each is taken by one statement where none holds, and ends by itself when its holder is gone. A
 * fencing number, which grows with each holder, keeps one that was stopped for longer than its lease from writing.
 */

const ownerBytes = 16;

/** @returns a name for a holder that no other has */
export function leaseOwner(random: Random): string {
  return random.bytes(ownerBytes).toString('hex');
}

/** @returns the end of a lease that is given or renewed at this moment */
export function leaseEnd(databaseNow: DatabaseNow, milliseconds: number): RawBuilder<number> {
  return sql<number>`${databaseNow()} + ${sql.lit(milliseconds)}`;
}

/**
 * @param until the column with the end of a lease
 * @param milliseconds how long leases of this kind are given; one that goes on for longer was given by a clock that was wrong
 * @returns the condition that somebody holds a lease at this moment
 */
export function isLeaseHeld(
  until: string,
  databaseNow: DatabaseNow,
  milliseconds: number,
): RawBuilder<SqlBool> {
  const longest = sql.lit(milliseconds + clockDifference);
  return sql<SqlBool>`(${sql.ref(until)} > ${databaseNow()} and ${sql.ref(until)} <= ${databaseNow()} + ${longest})`;
}

/** @returns the condition that nobody does */
export function isLeaseOver(
  until: string,
  databaseNow: DatabaseNow,
  milliseconds: number,
): RawBuilder<SqlBool> {
  return sql<SqlBool>`not ${isLeaseHeld(until, databaseNow, milliseconds)}`;
}

/** Tables whose rows are leased by columns of these names. */
type LeasedTable = 'token_sets' | 'registrations' | 'application_users';

/** What a row has that nobody works on. */
export const noLease = { lease_owner: null, lease_until: 0 } as const;

/** Which rows are leased, and for how long. */
interface LeasedRows<Table extends LeasedTable> {
  table: Table;
  /** The column that a row is found by. */
  key: string;
  /** The column with the fencing number. */
  fence: string;
  milliseconds: number;
}

interface LeaseContext {
  store: Pick<Store, 'db'>;
  databaseNow: DatabaseNow;
}

/**
 * Takes the lease of a row.
 *
 * @param condition narrows when it is free
 * @returns the row under the new lease; undefined while another holds it, and without such a row
 */
export async function takeLease<Table extends LeasedTable>(
  { store: { db }, databaseNow, random }: LeaseContext & { random: Random },
  { table, key, fence, milliseconds }: LeasedRows<Table>,
  id: string,
  condition: RawBuilder<SqlBool> = sql`true`,
): Promise<Selectable<Database[Table]> | undefined> {
  const { rows } = await sql<Selectable<Database[Table]>>`
    update ${sql.table(table)}
    set lease_owner = ${leaseOwner(random)}, lease_until = ${leaseEnd(databaseNow, milliseconds)},
      ${sql.ref(fence)} = ${sql.ref(fence)} + 1
    where ${sql.ref(key)} = ${id} and ${isLeaseOver('lease_until', databaseNow, milliseconds)} and ${condition}
    returning *
  `.execute(db);
  return rows[0];
}

/** @returns whether somebody holds the lease of a row at this moment: one that died holds nothing once it is over */
export async function isLeased<Table extends LeasedTable>(
  { store: { db }, databaseNow }: LeaseContext,
  { table, key, milliseconds }: LeasedRows<Table>,
  id: string,
): Promise<boolean> {
  const { rows } = await sql`
    select 1 from ${sql.table(table)}
    where ${sql.ref(key)} = ${id} and ${isLeaseHeld('lease_until', databaseNow, milliseconds)}
  `.execute(db);
  return rows.length > 0;
}

/**
 * Renews leases again and again, until it is disposed of.
 *
 * @param onFailure told when a renewal came to nothing; the next one makes up for it
 */
export function keepRenewing(
  { startTimer }: { startTimer: StartTimer },
  everyMilliseconds: number,
  renew: () => Promise<void>,
  onFailure: (error: unknown) => void,
): Disposable {
  let isKept = true;
  let timer = startTimer(everyMilliseconds, () => void renewOnce());
  async function renewOnce(): Promise<void> {
    await renew().catch(onFailure);
    if (isKept) timer = startTimer(everyMilliseconds, () => void renewOnce());
  }
  return {
    [Symbol.dispose]() {
      isKept = false;
      timer[Symbol.dispose]();
    },
  };
}

/** Of work in steps: outlives one outbound call (20 s), and every write and every part of a wait renews it. */
export const workLeaseMilliseconds = 30 * millisecondsPerSecond;
const waitedAtOnce = 10 * millisecondsPerSecond;

/** Waits, and renews the lease of such work meanwhile. Rejects when the signal is aborted, and as `renew` does. */
export async function waitUnderWorkLease(
  sleep: Sleep,
  milliseconds: number,
  signal: AbortSignal,
  renew: () => Promise<void>,
): Promise<void> {
  for (let left = milliseconds; left > 0; left -= waitedAtOnce) {
    await sleep(Math.min(left, waitedAtOnce), signal);
    await renew();
  }
}
