import { type RawBuilder, sql } from 'kysely';
import type { Clock } from '../ground/clock.ts';
import type { Store } from './store.ts';

/**
 * The time by which leases are given and end, in epoch milliseconds, as a part of a statement: hubs whose clocks differ
 * by minutes must agree on it. PostgreSQL tells its own, and the moment's rather than the transaction's; processes on one
 * SQLite file share their machine's clock.
 */
export type DatabaseNow = () => RawBuilder<number>;

/** @returns the time of a database */
export function createDatabaseNow(engine: Store['engine'], clock: Clock): DatabaseNow {
  if (engine === 'sqlite') return () => clockNow(clock);
  return () => sql<number>`cast(floor(extract(epoch from clock_timestamp()) * 1000) as bigint)`;
}

/** @returns the time of a clock of this process; tests hand it in to move a lease's time */
export function clockNow(clock: Clock): RawBuilder<number> {
  return sql<number>`cast(${clock.now()} as bigint)`;
}
