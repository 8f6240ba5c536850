import { clockDifference, endOfPause, pastMoment } from '../ground/bounded-times.ts';
import { millisecondsPerHour } from '../ground/durations.ts';
import type { ConnectionRow, TokenSetRow } from '../store/schema.ts';

/** An hour, where a server asks for it by `Retry-After`. */
const longestPauseBeforeTry = millisecondsPerHour + clockDifference;

type ConnectionTimes = Pick<
  ConnectionRow,
  'next_try_at' | 'last_proven_at' | 'last_failure_at' | 'last_used_at' | 'updated_at'
>;
type TokenTimes = Pick<TokenSetRow, 'obtained_at' | 'refresh_token_obtained_at'>;

/**
 * What follows from when something was, or is to be, is decided without the times of a clock that was wrong: what can't have
 * been yet counts as never, and what was obtained then as old.
 *
 * @returns a connection with the times that can be
 */
export function withKnownTimes<Row extends ConnectionTimes>(connection: Row, now: number): Row {
  const { next_try_at: nextTryAt } = connection;
  return {
    ...connection,
    next_try_at: nextTryAt === null ? null : endOfPause(nextTryAt, now, longestPauseBeforeTry),
    last_proven_at: pastMoment(connection.last_proven_at, now),
    last_failure_at: pastMoment(connection.last_failure_at, now),
    last_used_at: pastMoment(connection.last_used_at, now),
    updated_at: pastMoment(connection.updated_at, now) ?? now,
  };
}

/** @returns the same of a token set */
export function withKnownAge<Row extends TokenTimes>(tokenSet: Row, now: number): Row {
  const { refresh_token_obtained_at: grantedAt } = tokenSet;
  return {
    ...tokenSet,
    obtained_at: pastMoment(tokenSet.obtained_at, now),
    refresh_token_obtained_at: grantedAt === null ? null : (pastMoment(grantedAt, now) ?? 0),
  };
}
