import type { EventKind, Failure, HubEvent } from '@latchkey/api';
import type { Kysely } from 'kysely';
import { HubError, toFailure } from '../errors/hub-error.ts';
import { createId } from '../ground/create-id.ts';
import { digest } from '../ground/digest.ts';
import type { HubContext } from '../hub-context.ts';
import { prepareQuery, type ValueOf } from '../store/prepare-query.ts';
import type { Database, EventSubjectKind } from '../store/schema.ts';

/** Within so long a time events of one subject are set apart, so that their order is that in which they were recorded. */
const setApartMilliseconds = 1000;

/** The hub itself, as whom or what an event is about. */
export const hubItself = { kind: 'hub', id: 'hub' } as const satisfies NewEvent['subject'];

export interface NewEvent {
  subject: { kind: EventSubjectKind; id: string };
  kind: EventKind;
  /** One sentence. */
  summary: string;
  /** As it was thrown, or as it is stored. */
  failure?: HubError | Failure;
  facts?: HubEvent['facts'];
  /** What several processes notice at once is recorded once under the same words, whoever comes first. */
  onceAs?: string;
}

/** @returns the fact of who did it, by what the log knows callers; none where nobody called */
export function by(caller: string | null): { by?: string } {
  return caller === null ? {} : { by: caller };
}

/**
 * Records what happened, in the transaction that makes it true. Nothing of it may be a secret. What happens to a subject
 * within one millisecond gets a millisecond each.
 */
export async function recordEvent(
  db: Kysely<Database>,
  { clock, random }: Pick<HubContext, 'clock' | 'random'>,
  { subject, kind, summary, failure, facts = {}, onceAs }: NewEvent,
): Promise<void> {
  const now = clock.now();
  await insertEvent(db, {
    id: onceAs === undefined ? createId(random) : digest(`${kind} ${onceAs}`),
    subjectKind: subject.kind,
    subjectId: subject.id,
    now,
    end: now + setApartMilliseconds,
    kind,
    summary,
    failure: failure === undefined ? null : JSON.stringify(asFailure(failure)),
    facts: JSON.stringify(facts),
  });
}

/** An event's row; it comes after those that its subject has from `now` to `end`. */
type EventValues = {
  id: string;
  subjectKind: EventSubjectKind;
  subjectId: string;
  now: number;
  end: number;
  kind: string;
  summary: string;
  failure: string | null;
  facts: string;
};

const insertEvent = prepareQuery((db, value: ValueOf<EventValues>) =>
  db
    .insertInto('events')
    .values((eb) => ({
      id: value('id'),
      subject_kind: value('subjectKind'),
      subject_id: value('subjectId'),
      happened_at: eb.fn.coalesce(
        eb
          .selectFrom('events as latest')
          .select((latest) => latest(latest.fn.max('happened_at'), '+', 1).as('next'))
          .where('latest.subject_id', '=', value('subjectId'))
          .where('latest.happened_at', '>=', value('now'))
          .where('latest.happened_at', '<', value('end')),
        value('now'),
      ),
      kind: value('kind'),
      summary: value('summary'),
      failure: value('failure'),
      facts: value('facts'),
    }))
    .onConflict((conflict) => conflict.column('id').doNothing()),
);

/** What a row keeps besides what the API shows stays there. */
function asFailure(failure: HubError | Failure): Failure {
  if (failure instanceof HubError) return toFailure(failure);
  const { code, title, detail, whoActs, remedy, remote } = failure;
  return { code, title, detail, whoActs, remedy, remote };
}
