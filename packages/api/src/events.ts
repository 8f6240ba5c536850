import { z } from 'zod';
import { failureSchema, timeSchema } from './failures.ts';

/** What an event can tell. */
export const eventKinds = [
  'created',
  'authority_away',
  'authority_back',
  'secret_changed',
  'secret_end_warning',
  'secret_refused',
  'secret_accepted',
  'secret_rotated',
  'rotation_failed',
  'old_secret_removed',
] as const;

export const eventKindSchema = z.enum(eventKinds);
export type EventKind = z.output<typeof eventKindSchema>;

export const eventSchema = z
  .object({
    id: z.string(),
    kind: eventKindSchema,
    happenedAt: timeSchema,
    /** One sentence. */
    summary: z.string(),
    failure: failureSchema.nullable(),
    /** Names and values besides, none of them a secret. */
    facts: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  })
  .meta({ id: 'Event' });
/** What happened to a connection, a registration or the hub at one moment. */
export type HubEvent = z.output<typeof eventSchema>;
