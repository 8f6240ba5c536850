import type { RegistrationStepName } from '@latchkey/api';
import { type HubError, toFailure } from '../errors/hub-error.ts';
import { noLease } from '../store/lease.ts';
import { failAdministratorTask } from './administrator-tasks/fail-administrator-task.ts';
import { changeRegistration } from './change-registration.ts';
import { noAdministratorToken, noSignInUnderWay } from './cleared-columns.ts';
import { needsOtherSignIn } from './explain-step-failure.ts';
import type { RegistrationRun } from './registration-lease.ts';
import { withStep } from './registration-steps.ts';

/**
 * Ends a run with a failed step. The administrator's token is kept so that a retry can go on with it, unless going on
 * takes another sign-in.
 */
export async function failRegistration(
  run: Pick<RegistrationRun, 'context' | 'row'>,
  step: RegistrationStepName,
  error: HubError,
  durationMs: number | null,
): Promise<void> {
  // It is ready and stays so; only what an administrator was to sign in for has come to nothing.
  if (run.row.state === 'ready') return failAdministratorTask(run, error);
  run.row = await changeRegistration(run.context, run.row, {
    state: 'failed',
    steps: withStep(run.row, step, { state: 'failed', detail: null, failure: toFailure(error), durationMs }),
    ...noSignInUnderWay,
    ...(needsOtherSignIn(error) && noAdministratorToken),
    ...noLease,
  });
}
