import type { EventKind } from '@latchkey/api';
import type { EventsBeside } from '../events/list-events.ts';
import { hasOwnCredential, type TokenState } from '../tokens/read-token-state.ts';

/** What blocks all connections of a registration together, lets them go on, or changes what they sign in with. */
const kinds: readonly EventKind[] = ['secret_refused', 'secret_accepted', 'secret_changed', 'secret_rotated'];

/**
 * What happened to the registration by which a connection signs in is written down once, with the registration, and told
 * in the timeline of each of its connections, from when there was the connection.
 *
 * @returns null for a connection that signs in by a credential of its own
 */
export function eventsOfRegistration({ connection }: Pick<TokenState, 'connection'>): EventsBeside | null {
  const { registration_id: subjectId, created_at: since } = connection;
  return subjectId === null || hasOwnCredential(connection) ? null : { subjectId, kinds, since };
}
