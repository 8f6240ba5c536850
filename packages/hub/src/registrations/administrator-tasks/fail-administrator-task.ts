import { type HubError, toFailure } from '../../errors/hub-error.ts';
import { noLease } from '../../store/lease.ts';
import { changeRegistration } from '../change-registration.ts';
import { noAdministratorToken, noSignInUnderWay } from '../cleared-columns.ts';
import type { RegistrationRun } from '../registration-lease.ts';

/** Ends what an administrator was to sign in for; the registration stays as it is, and says why. */
export async function failAdministratorTask(
  run: Pick<RegistrationRun, 'context' | 'row'>,
  failure: HubError,
): Promise<void> {
  run.row = await changeRegistration(run.context, run.row, {
    administrator_task_failure: JSON.stringify(toFailure(failure)),
    ...noSignInUnderWay,
    ...noAdministratorToken,
    ...noLease,
  });
}
