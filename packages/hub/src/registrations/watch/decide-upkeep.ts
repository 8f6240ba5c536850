import { clockDifference, endOfPause, pastMoment } from '../../ground/bounded-times.ts';
import { millisecondsPerDay, millisecondsPerHour } from '../../ground/durations.ts';
import type { RegistrationRow } from '../../store/schema.ts';
import { longestPauseOfRotation } from '../rotation/decide-rotation-failure.ts';
import { dueWarning, type EndWarning, nextWarningAt } from '../secrets/secret-end.ts';

/** What is to be done next for a registration that is ready, and why. */
export type Upkeep =
  | { action: 'go_on_rotating' }
  | { action: 'check' }
  | { action: 'warn'; warning: Exclude<EndWarning, null> }
  | { action: 'begin_rotation' }
  | { action: 'wait'; until: number };

/** A secret of a few days would be rotated from its first day on; it is from the last third of its life on. */
const shareOfLife = 1 / 3;
const usualLifetimeDays = 365;
const longestPauseOfChecks = millisecondsPerDay + clockDifference;

/**
 * Decides from the row alone, so that any process can go on where another one died.
 *
 * @param now epoch milliseconds
 */
export function decideUpkeep(stored: RegistrationRow, now: number): Upkeep {
  const row = withKnownTimes(stored, now);
  const rotationAt = pendingRotationAt(row, now);
  if (rotationAt !== null && rotationAt <= now) return { action: 'go_on_rotating' };
  const checkAt = checkDueAt(row);
  if (checkAt <= now) return { action: 'check' };
  const warning = dueWarning(row, now);
  if (warning !== null) return { action: 'warn', warning };
  const beginAt = rotationDueAt(row);
  if (beginAt !== null && beginAt <= now) return { action: 'begin_rotation' };
  const moments = [rotationAt, checkAt, nextWarningAt(row.client_secret_ends_at, now), beginAt];
  return { action: 'wait', until: Math.min(...moments.filter((moment) => moment !== null)) };
}

/** @returns the row without the times of a clock that was wrong: what can't have been yet counts as never, a pause as over */
function withKnownTimes(row: RegistrationRow, now: number): RegistrationRow {
  return {
    ...row,
    checked_at: pastMoment(row.checked_at, now),
    secret_alarm_at: pastMoment(row.secret_alarm_at, now),
    next_check_at: endOfPause(row.next_check_at ?? 0, now, longestPauseOfChecks),
    rotation_next_try_at: endOfPause(row.rotation_next_try_at ?? 0, now, longestPauseOfRotation),
  };
}

/** An alarm that was raised by a connection's refusal is looked into at once: the check ends it, or finds it true. */
function checkDueAt(row: RegistrationRow): number {
  const isUnseen = row.secret_alarm_at !== null && row.secret_alarm_at > (row.checked_at ?? 0);
  return isUnseen ? 0 : (row.next_check_at ?? 0);
}

/** @returns when the rotation under way goes on; null when none is */
function pendingRotationAt(row: RegistrationRow, now: number): number | null {
  if (row.rotation_step === null) return null;
  const nextTryAt = row.rotation_next_try_at ?? 0;
  if (row.rotation_step !== 'retiring') return nextTryAt;
  const longestGrace = row.rotation_grace_hours * millisecondsPerHour + clockDifference;
  return Math.max(nextTryAt, endOfPause(oldSecretUntil(row) ?? 0, now, longestGrace));
}

/** @returns until when the secret before goes on beside the present one; null when there is none */
export function oldSecretUntil(
  row: Pick<RegistrationRow, 'rotation_step' | 'rotated_at' | 'rotation_grace_hours'>,
): number | null {
  if (row.rotation_step !== 'retiring' || row.rotated_at === null) return null;
  return row.rotated_at + row.rotation_grace_hours * millisecondsPerHour;
}

/**
 * @returns when the hub begins to rotate the secret by itself; null where it may not, or nobody knows the end, or Microsoft
 *   refuses the secret already, with which the application would have to ask for leave
 */
export function rotationDueAt(row: RegistrationRow): number | null {
  const { client_secret_ends_at: endsAt } = row;
  const mayBegin =
    row.state === 'ready' &&
    row.rotation_policy === 'automatic' &&
    row.may_rotate === 1 &&
    row.rotation_step === null &&
    row.secret_alarm === null &&
    row.sealed_client_secret !== null;
  if (!mayBegin || endsAt === null) return null;
  const lifetimeDays = row.secret_lifetime_days || usualLifetimeDays;
  const leadDays = Math.min(row.rotation_days_before_end, lifetimeDays * shareOfLife);
  return Math.max(endsAt - leadDays * millisecondsPerDay, row.rotation_next_try_at ?? 0);
}
