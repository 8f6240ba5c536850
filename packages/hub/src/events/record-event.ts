import type { EventKind, HubEvent } from '@latchkey/api';
import type { Kysely } from 'kysely';
import { type HubError, toFailure } from '../errors/hub-error.ts';
import { createId } from '../ground/create-id.ts';
import type { HubContext } from '../hub-context.ts';
import type { Database, EventSubjectKind } from '../store/schema.ts';

export interface NewEvent {
  /** The hub itself has the id `hub`. */
  subject: { kind: EventSubjectKind; id: string };
  kind: EventKind;
  /** One sentence. */
  summary: string;
  failure?: HubError;
  facts?: HubEvent['facts'];
}

/** Records what happened, in the transaction that makes it true. Nothing of it may be a secret. */
export async function recordEvent(
  db: Kysely<Database>,
  { clock, random }: Pick<HubContext, 'clock' | 'random'>,
  { subject, kind, summary, failure, facts = {} }: NewEvent,
): Promise<void> {
  await db
    .insertInto('events')
    .values({
      id: createId(random),
      subject_kind: subject.kind,
      subject_id: subject.id,
      happened_at: clock.now(),
      kind,
      summary,
      failure: failure === undefined ? null : JSON.stringify(toFailure(failure)),
      facts: JSON.stringify(facts),
    })
    .execute();
}
