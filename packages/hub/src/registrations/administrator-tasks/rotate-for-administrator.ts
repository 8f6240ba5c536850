import { HubError } from '../../errors/hub-error.ts';
import { restoreFailure } from '../../evidence/judge-failure.ts';
import { endOfPause } from '../../ground/bounded-times.ts';
import { changeUnderLease, type RegistrationRun, waitUnderLease } from '../registration-lease.ts';
import { beginRotation } from '../rotation/begin-rotation.ts';
import { longestPauseOfRotation } from '../rotation/decide-rotation-failure.ts';
import { goOnRotating } from '../rotation/go-on-rotating.ts';
import { oldSecretUntil } from '../watch/decide-upkeep.ts';

/**
 * Rotates the secret while the administrator is signed in: until all connections use the new one, or the rotation is
 * undone. The old one is removed at once where it has no grace time, else by whoever may when that is over.
 *
 * @throws HubError why it was undone
 */
export async function rotateForAdministrator(run: RegistrationRun): Promise<void> {
  const { rotation_step: step, next_credential_kind: kind, administrator_task_by: caller } = run.row;
  if (step === null) await changeUnderLease(run, beginRotation(run.context, run.row, kind, caller));
  while (run.row.rotation_step !== 'retiring' && run.row.rotation_step !== null) {
    const now = run.context.clock.now();
    const wait = endOfPause(run.row.rotation_next_try_at ?? 0, now, longestPauseOfRotation) - now;
    if (wait > 0) await waitUnderLease(run, wait);
    await goOnRotating(run);
  }
  const { rotation_failure: failure } = run.row;
  const until = oldSecretUntil(run.row);
  if (until !== null && until <= run.context.clock.now()) await goOnRotating(run);
  if (failure !== null) throw restoreFailure({ last_failure: failure }) ?? new HubError('internal_error');
}
