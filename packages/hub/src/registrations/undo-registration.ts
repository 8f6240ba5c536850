import { HubError } from '../errors/hub-error.ts';
import type { ProviderContext } from '../providers/provider.ts';
import { noLease } from '../store/lease.ts';
import type { RegistrationRow } from '../store/schema.ts';
import { hasAdministratorToken } from './administrator-token.ts';
import { changeRegistration, type RegistrationChange } from './change-registration.ts';
import { noAdministratorToken, noClientSecret, noSignInUnderWay } from './cleared-columns.ts';
import { findRegistration } from './find-registration.ts';
import { isHeld } from './registration-lease.ts';
import { hasDamagedSteps, initialSteps, readSteps, withStep } from './registration-steps.ts';
import { refuseWhileUsed, type WhatMayStop } from './registration-usage.ts';
import { startRegistration } from './run-registration.ts';
import { beginAgain } from './sign-in-again.ts';

/**
 * Takes back what the registration made in Entra ID, in the background; where that takes a sign-in, the answer offers
 * one. With nothing made there, an adopted application included, it is done at once: the hub forgets the secret. So is one whose record of its steps is damaged; its answer names what to
 * delete by hand.
 *
 * @param may what may stop. Application users are taken back first: their environments' administrators sign in with this
 *   very application
 * @param caller by what the timeline knows who undoes it
 * @throws HubError `registration_not_found`; `registration_busy` while a run is at it; what `refuseWhileUsed` and
 *   `beginAdministratorSignIn` throw
 */
export async function undoRegistration(
  context: ProviderContext,
  id: string,
  may: WhatMayStop,
  caller: string | null = null,
): Promise<RegistrationRow> {
  const row = await findRegistration(context, id);
  if (row.state === 'undone') return row;
  await refuseWhileUsed(context.store, id, may);
  if (hasDamagedSteps(row)) {
    return changeRegistration(context, row, { ...forgotten, steps: stepsOfLostRecord(row) }, caller);
  }
  if (!hasCreatedAnything(row)) return changeRegistration(context, row, forgotten, caller);
  // A poll for a device code waits for a person; everything else is at work on Entra ID right now.
  const isAtWork = row.state === 'running' || row.state === 'undoing';
  if (isAtWork && (await isHeld(context, id))) throw new HubError('registration_busy');
  const undoing: RegistrationRow = { ...row, state: 'undoing' };
  if (!hasAdministratorToken(row, context.clock.now())) {
    return beginAgain(context, undoing, row.administrator_sign_in, caller);
  }
  const change = { state: 'undoing', ...noSignInUnderWay, ...noLease } as const;
  const begun = await changeRegistration(context, row, change, caller);
  startRegistration(context, begun);
  return begun;
}

const forgotten = {
  state: 'undone',
  ...noClientSecret,
  ...noAdministratorToken,
  ...noSignInUnderWay,
  ...noLease,
} as const satisfies RegistrationChange;

/** What was made in Entra ID can't be told any more, so a person has to look. */
function stepsOfLostRecord(row: RegistrationRow): string {
  const application = row.client_id ? `the application ${row.client_id}` : `an application "${row.name}"`;
  return withStep({ steps: initialSteps(row.kind, null, false) }, 'application', {
    detail: `The record of what was made is damaged: look for ${application} in Microsoft Entra ID and delete it by hand`,
  });
}

/** From its first try on, the application may be there though its id is not known. */
function hasCreatedAnything(row: RegistrationRow): boolean {
  return readSteps(row).some(({ name, attempts }) => name === 'application' && attempts > 0);
}
