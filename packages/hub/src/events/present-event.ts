import { eventSchema, failureSchema, type HubEvent } from '@latchkey/api';
import { z } from 'zod';
import { toFailure } from '../errors/hub-error.ts';
import { toIso, toIsoIfUsable, unknownTime } from '../ground/clock.ts';
import { readColumn } from '../ground/read-json.ts';
import { presentRow } from '../http/describe-damage.ts';
import type { EventRow } from '../store/schema.ts';

const factsSchema = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));

/** @returns an event as the API shows it; a damaged one says so and hides no other */
export function presentEvent(row: EventRow): HubEvent {
  const { id, kind, summary } = row;
  return presentRow({
    schema: eventSchema,
    whole: () => ({
      id,
      kind,
      happenedAt: toIso(row.happened_at),
      summary,
      failure: row.failure === null ? null : readColumn(failureSchema, row.failure, 'events.failure'),
      facts: readColumn(factsSchema, row.facts, 'events.facts'),
    }),
    damaged: (error) => ({
      id,
      kind,
      happenedAt: toIsoIfUsable(row.happened_at) ?? unknownTime,
      summary,
      failure: toFailure(error),
      facts: {},
    }),
    neutral: { id: '', kind: '', summary: '' },
  });
}
