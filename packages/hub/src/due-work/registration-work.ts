import type { Kysely } from 'kysely';
import type { Clock } from '../ground/clock.ts';
import type { Database } from '../store/schema.ts';
import { scheduleWork } from './schedule-work.ts';

/** The name of a registration's upkeep among what falls due. */
export const registrationWork = 'registration';

/** Has a registration looked after at once; to be called in the transaction that changes what is due. */
export function watchRegistrationSoon(
  db: Kysely<Database>,
  { clock }: { clock: Clock },
  registrationId: string,
): Promise<void> {
  return scheduleWork(db, { kind: registrationWork, subjectId: registrationId, dueAt: clock.now() });
}
