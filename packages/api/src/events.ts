import { z } from 'zod';
import { failureSchema, timeSchema } from './failures.ts';
import { type PageRequest, pageRequestSchema } from './pages.ts';

/** What an event can tell. */
export const eventKinds = [
  'created',
  'refreshed',
  'authority_away',
  'authority_back',
  'secret_changed',
  'secret_end_warning',
  'secret_refused',
  'secret_accepted',
  'secret_rotated',
  'rotation_failed',
  'old_secret_removed',
  'old_secret_left',
  'application_user_made',
  'application_user_removed',
  'changed',
  'disabled',
  'enabled',
  'deleted',
  'signed_in',
  'tokens_entered',
  'sign_in_failed',
  'state_changed',
  'proven',
  'proof_failed',
  'refresh_failed',
  'identity_changed',
  'identity_confirmed',
  'keys_rotated',
  'automatic_rotation_set_up',
  'repaired',
  'redirect_uri_added',
  'clock_differs',
  'backup_taken',
  'backup_restored',
  'process_started',
  'process_stopped',
  'process_silent',
] as const;

const eventKindSchema = z.enum(eventKinds);
export type EventKind = z.output<typeof eventKindSchema>;

export const eventSchema = z
  .object({
    id: z.string(),
    /** One of `eventKinds`; a later version may tell others. */
    kind: z.string(),
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

/** The query of a timeline, newest first. */
export const eventPageRequestSchema = pageRequestSchema.extend({
  kind: z
    .string()
    .transform((kinds) => kinds.split(','))
    .pipe(z.array(eventKindSchema))
    .optional()
    .describe(`Only these, separated by commas: ${eventKinds.join(', ')}`),
});
/** Which page of a timeline. */
export interface EventPageRequest extends PageRequest {
  /** Only events of these kinds; all when left out. */
  kinds?: readonly EventKind[];
}
