import type { EventKind, HubEvent } from '@latchkey/client';
import type { Tone } from '../facts/tone-badge.tsx';

const descriptions: Record<EventKind, { title: string; tone: Tone }> = {
  created: { title: 'Made', tone: 'info' },
  changed: { title: 'Changed', tone: 'info' },
  disabled: { title: 'Switched off', tone: 'neutral' },
  enabled: { title: 'Switched on', tone: 'info' },
  deleted: { title: 'Deleted', tone: 'neutral' },
  signed_in: { title: 'Sign-in', tone: 'success' },
  tokens_entered: { title: 'Tokens entered', tone: 'success' },
  sign_in_failed: { title: 'Sign-in came to nothing', tone: 'danger' },
  state_changed: { title: 'Another state', tone: 'neutral' },
  proven: { title: 'Proven', tone: 'success' },
  proof_failed: { title: 'Call failed', tone: 'danger' },
  refreshed: { title: 'Refreshed', tone: 'success' },
  refresh_failed: { title: 'Not refreshed', tone: 'danger' },
  identity_changed: { title: 'Somebody else', tone: 'warning' },
  identity_confirmed: { title: 'Confirmed', tone: 'success' },
  authority_away: { title: 'Sign-in service away', tone: 'warning' },
  authority_back: { title: 'Sign-in service back', tone: 'success' },
  secret_changed: { title: 'Secret changed', tone: 'info' },
  secret_end_warning: { title: 'Warning of its end', tone: 'warning' },
  secret_refused: { title: 'Secret refused', tone: 'danger' },
  secret_accepted: { title: 'Secret accepted', tone: 'success' },
  secret_rotated: { title: 'Secret rotated', tone: 'success' },
  rotation_failed: { title: 'Rotation failed', tone: 'danger' },
  old_secret_removed: { title: 'Old secret removed', tone: 'info' },
  old_secret_left: { title: 'Old secret left', tone: 'warning' },
  application_user_made: { title: 'Application user made', tone: 'success' },
  application_user_removed: { title: 'Application user removed', tone: 'info' },
  keys_rotated: { title: 'Keys rotated', tone: 'info' },
  automatic_rotation_set_up: { title: 'Automatic rotation', tone: 'success' },
  repaired: { title: 'Repaired', tone: 'success' },
  redirect_uri_added: { title: 'Redirect URI added', tone: 'info' },
  clock_differs: { title: 'Clock differs', tone: 'warning' },
  backup_taken: { title: 'Backup taken', tone: 'success' },
  backup_restored: { title: 'Backup restored', tone: 'warning' },
  process_started: { title: 'Process started', tone: 'info' },
  process_stopped: { title: 'Process ended', tone: 'neutral' },
  process_silent: { title: 'Process silent', tone: 'danger' },
};

/** What a state is called and how good it is, of connections and of registrations. */
const states: Readonly<Record<string, { title: string; tone: Tone }>> = {
  ready: { title: 'Became ready', tone: 'success' },
  limited: { title: 'Became limited', tone: 'warning' },
  needs_sign_in: { title: 'Came to need a sign-in', tone: 'danger' },
  failing: { title: 'Began to fail', tone: 'warning' },
  blocked: { title: 'Became blocked', tone: 'danger' },
  disabled: { title: 'Put out of use', tone: 'neutral' },
  awaiting_sign_in: { title: 'Came to wait for a sign-in', tone: 'info' },
  running: { title: 'Began to run', tone: 'info' },
  failed: { title: 'A step failed', tone: 'danger' },
  undoing: { title: 'Began to be undone', tone: 'neutral' },
  undone: { title: 'Was undone', tone: 'neutral' },
};

/** @returns an event's title and tone; one that a later version tells goes by its own name */
export function describeEvent({ kind, facts }: Pick<HubEvent, 'kind' | 'facts'>): {
  title: string;
  tone: Tone;
} {
  if (!isKnown(kind)) return { title: kind.replaceAll('_', ' '), tone: 'neutral' };
  const state = kind === 'state_changed' ? states[String(facts.to)] : undefined;
  return state ?? descriptions[kind];
}

function isKnown(kind: string): kind is EventKind {
  return Object.hasOwn(descriptions, kind);
}
