import type { NewEvent } from '../events/record-event.ts';
import type { RegistrationRow } from '../store/schema.ts';
import { hasDamagedSteps, readSteps } from './registration-steps.ts';

const sentences: Record<RegistrationRow['state'], string> = {
  awaiting_sign_in: 'The registration waits for an administrator to sign in.',
  running: 'The steps of the registration run.',
  ready: 'The registration is ready.',
  failed: 'A step of the registration failed.',
  undoing: 'What the registration made in Microsoft Entra ID is being deleted.',
  undone: 'The registration was undone.',
};

/** @returns what a change of a registration's row has to tell: that an administrator has signed in, and another state */
export function eventsOfChange(before: RegistrationRow, after: RegistrationRow): Omit<NewEvent, 'subject'>[] {
  const events: Omit<NewEvent, 'subject'>[] = [];
  const steps = hasDamagedSteps(after) ? [] : readSteps(after);
  const token = after.sealed_administrator_token;
  if (token !== null && token !== before.sealed_administrator_token) {
    const detail = steps.find(({ name }) => name === 'sign_in')?.detail ?? 'Signed in';
    events.push({ kind: 'signed_in', summary: `An administrator: ${detail}.` });
  }
  if (after.state !== before.state) {
    const failure = after.state === 'failed' && steps.find(({ state }) => state === 'failed')?.failure;
    events.push({
      kind: 'state_changed',
      summary: sentences[after.state],
      facts: { from: before.state, to: after.state },
      ...(failure && { failure }),
    });
  }
  return events;
}
