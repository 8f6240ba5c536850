import type { HubEvent } from '@latchkey/api';
import type { RegistrationHub } from './create-registration-hub.ts';

/** What tells how registrations were made and by whom, which tests of their upkeep pass over. */
const ofMaking: ReadonlySet<string> = new Set([
  'created',
  'signed_in',
  'sign_in_failed',
  'state_changed',
  'changed',
]);

/** @returns the kinds of what happened to registrations since they were made, the oldest first */
export async function upkeepEvents({ context }: RegistrationHub): Promise<HubEvent['kind'][]> {
  const rows = await context.store.db
    .selectFrom('events')
    .select('kind')
    .where('subject_kind', '=', 'registration')
    .orderBy('happened_at')
    .execute();
  return rows.map(({ kind }) => kind).filter((kind) => !ofMaking.has(kind));
}
