const secondMilliseconds = 1000;
const minuteMilliseconds = 60 * secondMilliseconds;
const hourMilliseconds = 60 * minuteMilliseconds;
const dayMilliseconds = 24 * hourMilliseconds;
const monthMilliseconds = 30 * dayMilliseconds;
const yearMilliseconds = 365 * dayMilliseconds;

/** From the largest; the first that fits at least once is used. */
const units = [
  ['year', yearMilliseconds],
  ['month', monthMilliseconds],
  ['day', dayMilliseconds],
  ['hour', hourMilliseconds],
  ['minute', minuteMilliseconds],
] as const;

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });

/** How far a moment is from now, as a person says it: "3 minutes ago", "in 2 hours", "just now". */
export function describeMoment(moment: Date, now: Date): string {
  const distanceMs = moment.getTime() - now.getTime();
  for (const [unit, unitMs] of units) {
    if (Math.abs(distanceMs) >= unitMs) return relative.format(Math.trunc(distanceMs / unitMs), unit);
  }
  return distanceMs > 0 ? 'in less than a minute' : 'just now';
}
