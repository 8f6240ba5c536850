import { sql } from 'kysely';
import { clockDifference } from '../ground/bounded-times.ts';
import { millisecondsPerMinute, millisecondsPerSecond } from '../ground/durations.ts';
import type { HubContext } from '../hub-context.ts';
import { isLeaseOver, leaseEnd } from '../store/lease.ts';

/** The longest time between two probes. */
export const longestPause = millisecondsPerMinute;
/** Longer than a token request may take (20 s): the probe of a process that was killed holds nobody up for ever. */
const longestProbe = 30 * millisecondsPerSecond;
/** What nobody has looked after for so long was left behind by processes that are gone. */
const forgottenMilliseconds = 5 * millisecondsPerMinute;

/** An outage that some process has found. */
interface KnownOutage {
  /** Epoch milliseconds, by the clock of the process that found it. */
  since: number;
  /** Until the next probe. */
  waitMilliseconds: number;
}

/**
 * What the hub processes on one database tell each other of authorities that don't answer: one row each while that lasts, by
 * the database's time. It is read and written only by a process that has met trouble itself.
 */
export interface AuthorityOutages {
  /** @returns null where no process has found one */
  find(origin: string): Promise<KnownOutage | null>;
  /** @returns whether this process is the first one to find it */
  begin(origin: string, since: number, pause: number): Promise<boolean>;
  /** Takes the next probe, which one process gets. @returns the pause before it; or how long to wait; `over` when it has ended */
  takeProbe(origin: string): Promise<{ pause: number } | { waitMilliseconds: number } | 'over'>;
  /** A probe came to nothing; the next one is after a pause. */
  goOn(origin: string, pause: number): Promise<void>;
  /** @returns whether this process is the one that ended it */
  end(origin: string): Promise<boolean>;
}

/** @returns the outages that the processes of this database know of */
export function createAuthorityOutages({
  store: { db },
  databaseNow,
}: Pick<HubContext, 'store' | 'databaseNow'>): AuthorityOutages {
  const outages = () =>
    db
      .selectFrom('authority_outages')
      .select(['away_since', sql<number>`probe_at - ${databaseNow()}`.as('wait')])
      .where('probe_at', '>', leaseEnd(databaseNow, -forgottenMilliseconds))
      .where('probe_at', '<=', leaseEnd(databaseNow, longestPause + clockDifference));

  return {
    async find(origin) {
      const row = await outages().where('origin', '=', origin).executeTakeFirst();
      return row ? { since: row.away_since, waitMilliseconds: Math.max(0, row.wait) } : null;
    },
    async begin(origin, since, pause) {
      const outage = { away_since: since, pause, probe_at: leaseEnd(databaseNow, pause) };
      const { numInsertedOrUpdatedRows = 0n } = await db
        .insertInto('authority_outages')
        .values({ origin, ...outage })
        .onConflict((conflict) =>
          conflict
            .column('origin')
            .doUpdateSet(outage)
            .where((eb) =>
              eb.or([
                eb('authority_outages.probe_at', '<=', leaseEnd(databaseNow, -forgottenMilliseconds)),
                eb('authority_outages.probe_at', '>', leaseEnd(databaseNow, longestPause + clockDifference)),
              ]),
            ),
        )
        .executeTakeFirst();
      return numInsertedOrUpdatedRows > 0n;
    },
    async takeProbe(origin) {
      const taken = await db
        .updateTable('authority_outages')
        .set({ probe_at: leaseEnd(databaseNow, longestProbe) })
        .where('origin', '=', origin)
        .where(isLeaseOver('probe_at', databaseNow, longestPause))
        .returning('pause')
        .executeTakeFirst();
      if (taken) return taken;
      const row = await outages().where('origin', '=', origin).executeTakeFirst();
      return row ? { waitMilliseconds: Math.max(0, row.wait) } : 'over';
    },
    async goOn(origin, pause) {
      await db
        .updateTable('authority_outages')
        .set({ pause, probe_at: leaseEnd(databaseNow, pause) })
        .where('origin', '=', origin)
        .execute();
    },
    async end(origin) {
      const { numDeletedRows } = await db
        .deleteFrom('authority_outages')
        .where('origin', '=', origin)
        .executeTakeFirst();
      return numDeletedRows > 0n;
    },
  };
}
