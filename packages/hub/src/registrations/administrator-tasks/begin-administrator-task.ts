import { HubError } from '../../errors/hub-error.ts';
import type { ProviderContext } from '../../providers/provider.ts';
import type { RegistrationRow } from '../../store/schema.ts';
import { beginAdministratorSignIn } from '../begin-administrator-sign-in.ts';
import { changeRegistration } from '../change-registration.ts';
import { findRegistration } from '../find-registration.ts';
import { refuseRotation } from '../rotation/rotate-by-hand.ts';
import { startRegistration } from '../run-registration.ts';

type AdministratorTask = NonNullable<RegistrationRow['administrator_task']>;

interface AskedTask {
  task: AdministratorTask;
  signIn: RegistrationRow['administrator_sign_in'];
  /** By what the timeline knows who asks. */
  caller: string | null;
  /** What a rotation is to make, where it is another kind than the present one's. */
  credential?: RegistrationRow['next_credential_kind'];
}

/**
 * Asks for an administrator's sign-in for something that a registration needs while it goes on being ready: one rotation,
 * the permission to rotate by itself, to be repaired, renamed or cleaned up. Nothing is done before the sign-in.
 *
 * @throws HubError `registration_not_found`, `registration_busy`; `registration_state_conflict` for one that is not ready;
 *   what `refuseRotation` and `beginAdministratorSignIn` throw
 */
export async function beginAdministratorTask(
  context: ProviderContext,
  id: string,
  { task, signIn: kind, caller, credential = null }: AskedTask,
): Promise<RegistrationRow> {
  const row = await findRegistration(context, id);
  if (row.state !== 'ready') throw new HubError('registration_state_conflict');
  if (task === 'rotate') refuseRotation(context, row, credential);
  // What is still in its grace time is not to be taken.
  if (task === 'clean_up' && row.rotation_step !== null) throw new HubError('rotation_under_way');
  const asked: RegistrationRow = { ...row, administrator_task: task };
  const signIn = await beginAdministratorSignIn(context, asked, kind);
  const begun = await changeRegistration(context, row, {
    ...signIn,
    administrator_task: task,
    administrator_task_failure: null,
    administrator_task_by: caller,
    ...(task === 'rotate' && { next_credential_kind: credential }),
  });
  startRegistration(context, begun);
  return begun;
}
