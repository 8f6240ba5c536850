import { millisecondsPerDay } from '../../ground/durations.ts';
import type { RegistrationRow } from '../../store/schema.ts';

/** How many days before a secret's end people are warned, once each. */
const warningDays = [30, 14, 7, 1] as const;

/** How near the end of a secret is: the least of the days that it is within, 0 once it has ended, null while it is far. */
export type EndWarning = (typeof warningDays)[number] | 0 | null;

/** @param endsAt epoch milliseconds; null when nobody knows the end */
export function endWarning(endsAt: number | null, now: number): EndWarning {
  if (endsAt === null) return null;
  if (endsAt <= now) return 0;
  return warningDays.findLast((days) => endsAt - now <= days * millisecondsPerDay) ?? null;
}

/** @returns whole days that a secret still has, rounded down */
export function daysLeft(endsAt: number, now: number): number {
  return Math.max(0, Math.floor((endsAt - now) / millisecondsPerDay));
}

type Told = Pick<RegistrationRow, 'client_secret_ends_at' | 'secret_warned_days' | 'secret_warned_for'>;

/** @returns the warning that is to be told now: one that was not told of this end yet, and none that a later one covers */
export function dueWarning(row: Told, now: number): Exclude<EndWarning, null> | null {
  const warning = endWarning(row.client_secret_ends_at, now);
  if (warning === null) return null;
  const told = row.secret_warned_for === row.client_secret_ends_at ? row.secret_warned_days : null;
  return told !== null && told <= warning ? null : warning;
}

/** @returns when the next warning falls due, in epoch milliseconds; null when all are told or the end is unknown */
export function nextWarningAt(endsAt: number | null, now: number): number | null {
  if (endsAt === null) return null;
  const moments = [...warningDays, 0].map((days) => endsAt - days * millisecondsPerDay);
  return moments.find((moment) => moment > now) ?? null;
}
