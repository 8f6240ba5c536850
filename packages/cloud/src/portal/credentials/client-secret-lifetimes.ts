import { millisecondsPerDay } from '../../ground/durations.ts';

/** How long a new secret may live, as the portal offers it; the value is days. */
export const secretLifetimes: readonly { days: number; title: string }[] = [
  { days: 180, title: 'Recommended: 180 days (6 months)' },
  { days: 90, title: '90 days (3 months)' },
  { days: 365, title: '365 days (12 months)' },
  { days: 545, title: '545 days (18 months)' },
  { days: 730, title: '730 days (24 months)' },
];

/** The portal, unlike Graph, makes no secret that lives longer. */
const longestDays = 730;

export type SecretPeriod = { startAt: number; endAt: number } | { refusal: { message: string } };

/**
 * From when to when a secret lives, by what was chosen: a number of days, or days of the calendar (UTC).
 *
 * @param lifetime days as text, or `custom`
 * @param now epoch milliseconds, as the results are
 */
export function chooseSecretPeriod(
  { lifetime, start, end }: { lifetime: string; start: string; end: string },
  now: number,
): SecretPeriod {
  if (lifetime !== 'custom') {
    const known = secretLifetimes.find(({ days }) => String(days) === lifetime);
    return known
      ? { startAt: now, endAt: now + known.days * millisecondsPerDay }
      : refuse('Choose when the secret ends.');
  }
  const [startAt, endAt] = [start === '' ? now : readDay(start), readDay(end)];
  if (startAt === undefined || endAt === undefined) return refuse('Choose the day on which the secret ends.');
  if (endAt - startAt > longestDays * millisecondsPerDay) {
    return refuse('A secret lives 24 months at most. Choose an earlier end.');
  }
  return { startAt, endAt };
}

function readDay(text: string): number | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined;
  const time = Date.parse(text);
  return Number.isNaN(time) ? undefined : time;
}

function refuse(message: string): SecretPeriod {
  return { refusal: { message } };
}
