import type { Connection, ConnectionState, SignInMethod } from '@latchkey/client';
import type { Tone } from '../facts/tone-badge.tsx';

/** A connection's state as word and tone. */
export const connectionStates: Record<ConnectionState, { word: string; tone: Tone }> = {
  ready: { word: 'Ready', tone: 'success' },
  limited: { word: 'Limited', tone: 'warning' },
  needs_sign_in: { word: 'Needs sign-in', tone: 'danger' },
  failing: { word: 'Failing', tone: 'warning' },
  blocked: { word: 'Blocked', tone: 'danger' },
  disabled: { word: 'Disabled', tone: 'neutral' },
};

export const signInMethods: Record<SignInMethod, string> = {
  sign_in: 'Signed in with Microsoft',
  manual: 'Entered by hand',
  client_credentials: 'Client credentials',
};

/** What a person can do about the sign-in of a connection. */
export type SignInOffer = 'first' | 'again_needed' | 'again' | null;

/**
 * Which sign-in to offer: the first, one that is needed to go on, one that is merely possible, or none.
 * Client credentials have no person to sign in; a disabled connection is enabled first.
 */
export function decideSignInOffer({ method, status, user }: Connection): SignInOffer {
  if (method === 'client_credentials' || status.state === 'disabled') return null;
  if (status.state !== 'needs_sign_in') return 'again';
  return user === null && status.lastProvenAt === null ? 'first' : 'again_needed';
}
