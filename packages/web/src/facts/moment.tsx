import { describeMoment } from './describe-moment.ts';
import { useNow } from './use-now.ts';

const renewEveryMilliseconds = 15_000;

const absolute = new Intl.DateTimeFormat('en', { dateStyle: 'full', timeStyle: 'long' });

/** A moment relative to now, with the absolute one as its title. `at` is ISO 8601, or null for "never". */
export function Moment({ at, never = 'never' }: { at: string | null; never?: string }) {
  const now = useNow(renewEveryMilliseconds);
  if (at === null) return never;
  const moment = new Date(at);
  return (
    <time dateTime={at} title={absolute.format(moment)}>
      {describeMoment(moment, now)}
    </time>
  );
}
