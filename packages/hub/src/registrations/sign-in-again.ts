import { HubError } from '../errors/hub-error.ts';
import type { ProviderContext } from '../providers/provider.ts';
import type { RegistrationRow } from '../store/schema.ts';
import { beginAdministratorSignIn } from './begin-administrator-sign-in.ts';
import { changeRegistration } from './change-registration.ts';
import { waitsForSignIn } from './decide-work.ts';
import { findRegistration } from './find-registration.ts';
import { startRegistration } from './run-registration.ts';

/**
 * Offers the administrator a fresh link or code, by the same way as before unless another is named.
 *
 * @throws HubError `registration_not_found`, `registration_busy`, `registration_state_conflict`; what
 *   `beginAdministratorSignIn` throws
 */
export async function signInAgain(
  context: ProviderContext,
  id: string,
  kind: RegistrationRow['administrator_sign_in'] | undefined,
  caller: string | null,
): Promise<RegistrationRow> {
  const row = await findRegistration(context, id);
  if (row.state === 'running' || (row.state === 'undoing' && !waitsForSignIn(row))) {
    throw new HubError('registration_busy');
  }
  // An adopted application is proven by its own secret; nobody signs in for it.
  const isOfTask = row.state === 'ready' && waitsForSignIn(row);
  const takesSignIn = isOfTask || (row.kind === 'created' && (waitsForSignIn(row) || row.state === 'failed'));
  if (!takesSignIn) throw new HubError('registration_state_conflict');
  return beginAgain(context, row, kind ?? row.administrator_sign_in, caller);
}

/**
 * The same for a registration that is known to need it.
 *
 * @throws HubError `registration_busy` when a step of it was done meanwhile; what `beginAdministratorSignIn` throws
 */
export async function beginAgain(
  context: ProviderContext,
  row: RegistrationRow,
  kind: RegistrationRow['administrator_sign_in'],
  caller: string | null = null,
): Promise<RegistrationRow> {
  const change = await beginAdministratorSignIn(context, row, kind);
  // A run that polls for an earlier code has written in between, though nothing has happened but time.
  const present = await findRegistration(context, row.id);
  if (present.steps !== row.steps) throw new HubError('registration_busy');
  const begun = await changeRegistration(context, present, change, caller);
  startRegistration(context, begun);
  return begun;
}
