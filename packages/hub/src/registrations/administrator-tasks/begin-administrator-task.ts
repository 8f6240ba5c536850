import { HubError } from '../../errors/hub-error.ts';
import type { ProviderContext } from '../../providers/provider.ts';
import type { RegistrationRow } from '../../store/schema.ts';
import { beginAdministratorSignIn } from '../begin-administrator-sign-in.ts';
import { changeRegistration } from '../change-registration.ts';
import { findRegistration } from '../find-registration.ts';
import { refuseRotation } from '../rotation/rotate-by-hand.ts';
import { startRegistration } from '../run-registration.ts';

export type AdministratorTask = NonNullable<RegistrationRow['administrator_task']>;

/**
 * Asks for an administrator's sign-in for something that a registration needs while it goes on being ready: one rotation,
 * the permission to rotate by itself, or to be repaired. Nothing is done before the sign-in.
 *
 * @param credential what a rotation is to make, where it is another kind than the present one's
 * @throws HubError `registration_not_found`, `registration_busy`; `registration_state_conflict` for one that is not ready;
 *   what `refuseRotation` and `beginAdministratorSignIn` throw
 */
export async function beginAdministratorTask(
  context: ProviderContext,
  id: string,
  task: AdministratorTask,
  kind: RegistrationRow['administrator_sign_in'],
  credential: RegistrationRow['next_credential_kind'] = null,
): Promise<RegistrationRow> {
  const row = await findRegistration(context, id);
  if (row.state !== 'ready') throw new HubError('registration_state_conflict');
  if (task === 'rotate') refuseRotation(row);
  const asked: RegistrationRow = { ...row, administrator_task: task };
  const signIn = await beginAdministratorSignIn(context, asked, kind);
  const begun = await changeRegistration(context, row, {
    ...signIn,
    administrator_task: task,
    administrator_task_failure: null,
    ...(task === 'rotate' && { next_credential_kind: credential }),
  });
  startRegistration(context, begun);
  return begun;
}
