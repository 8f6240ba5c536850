const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const MONTH_MS = 30 * DAY_MS;
const YEAR_MS = 365 * DAY_MS;

/** From the largest; the first that fits at least once is used. */
const UNITS = [
  ['year', YEAR_MS],
  ['month', MONTH_MS],
  ['day', DAY_MS],
  ['hour', HOUR_MS],
  ['minute', MINUTE_MS],
] as const;

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });

/** How far a moment is from now, as a person says it: "3 minutes ago", "in 2 hours", "just now". */
export function describeMoment(moment: Date, now: Date): string {
  const distanceMs = moment.getTime() - now.getTime();
  for (const [unit, unitMs] of UNITS) {
    if (Math.abs(distanceMs) >= unitMs) return relative.format(Math.trunc(distanceMs / unitMs), unit);
  }
  return distanceMs > 0 ? 'in less than a minute' : 'just now';
}
