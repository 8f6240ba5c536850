import { HubError } from '../../errors/hub-error.ts';
import { millisecondsPerHour } from '../../ground/durations.ts';
import { noNextSecret } from '../cleared-columns.ts';
import { explainStepFailure } from '../explain-step-failure.ts';
import { changeUnderLease, type RegistrationRun } from '../registration-lease.ts';
import { chooseCredential } from './choose-credential.ts';
import { decideRotationFailure } from './decide-rotation-failure.ts';
import { rotationGraph } from './rotation-graph.ts';
import { requireApplication } from './secret-in-entra.ts';

/** What refused the rotation may have been mended by then. */
const nextRotationAfter = 6 * millisecondsPerHour;

/**
 * Removes the new secret of a rotation that failed, and all others that the hub made and does not keep; the old one stays.
 * Where the hub may not, a secret that nobody knows the text of is left to end by itself.
 */
export async function undoRotation(run: RegistrationRun): Promise<void> {
  const { context, row } = run;
  const tries = row.rotation_tries + 1;
  const now = context.clock.now();
  try {
    const graph = await rotationGraph(run);
    const application = await requireApplication(graph, row);
    // Of what kind the new one was, somebody's other secret may have made unknown since.
    for (const kind of ['secret', 'certificate'] as const) {
      await chooseCredential(kind).removeLost(graph, application, row);
    }
  } catch (error) {
    if (error instanceof HubError && error.code === 'registration_busy') throw error;
    const decision = decideRotationFailure(explainStepFailure(error), 'undoing', tries);
    if (decision.next === 'try_again') {
      return changeUnderLease(run, {
        rotation_tries: tries,
        rotation_next_try_at: now + decision.delayMilliseconds,
      });
    }
  }
  await changeUnderLease(run, {
    // A secret before the present one may still be there: it goes when its time is over.
    rotation_step: row.sealed_previous_secret === null ? null : 'retiring',
    rotation_name: null,
    rotation_tries: 0,
    rotation_next_try_at: now + nextRotationAfter,
    ...noNextSecret,
  });
}
