import type { UnusedCredential } from '@latchkey/api';
import { HubError } from '../../errors/hub-error.ts';
import { restoreFailure } from '../../evidence/judge-failure.ts';
import { millisecondsPerHour } from '../../ground/durations.ts';
import type { RegistrationRow } from '../../store/schema.ts';
import { noNextSecret } from '../cleared-columns.ts';
import { explainStepFailure } from '../explain-step-failure.ts';
import { changeUnderLease, type RegistrationRun } from '../registration-lease.ts';
import { nextKind } from './choose-credential.ts';
import { decideRotationFailure } from './decide-rotation-failure.ts';
import { forgetAdministrator } from './forget-administrator.ts';
import { rotationGraph } from './rotation-graph.ts';
import { requireApplication } from './secret-in-entra.ts';
import { hasPrevious } from './take-place.ts';
import { removeOwnUnused, withUnused } from './unused-credentials.ts';

/** What refused the rotation may have been mended by then. */
const nextRotationAfter = 6 * millisecondsPerHour;

/**
 * Removes the new secret of a rotation that failed, and all others that the hub made and does not keep; the old one stays.
 * Where the hub may not, what may be there is written down, for an administrator's sign-in to remove.
 */
export async function undoRotation(run: RegistrationRun): Promise<void> {
  const { context, row } = run;
  const tries = row.rotation_tries + 1;
  const now = context.clock.now();
  let left: UnusedCredential | null = null;
  try {
    const graph = await rotationGraph(run);
    const application = await requireApplication(graph, row);
    await removeOwnUnused(graph, application, row, [row.previous_secret_key_id]);
  } catch (error) {
    if (error instanceof HubError && error.code === 'registration_busy') throw error;
    const failure = explainStepFailure(error);
    if (failure.code === 'internal_error') context.log.error({ err: error }, 'rotation not undone');
    const decision = decideRotationFailure(failure, 'undoing', tries);
    if (decision.next === 'try_again') {
      return changeUnderLease(run, {
        rotation_tries: tries,
        rotation_next_try_at: now + decision.delayMilliseconds,
      });
    }
    left = leftBehind(row);
  }
  const unused = withUnused(row, left);
  await changeUnderLease(run, {
    // A secret before the present one may still be there: it goes when its time is over.
    rotation_step: hasPrevious(row) ? 'retiring' : null,
    rotation_name: null,
    rotation_tries: 0,
    rotation_next_try_at: hasPrevious(row) ? null : now + nextRotationAfter,
    unused_credentials: unused,
    ...noNextSecret,
    ...forgetAdministrator(row),
  });
}

/** @returns what the rotation has made, or may have: whoever was refused before it asked has made nothing */
function leftBehind(row: RegistrationRow): UnusedCredential | null {
  const { next_secret_key_id: keyId } = row;
  if (keyId !== null) return { kind: nextKind(row), keyId };
  const failure = restoreFailure({ last_failure: row.rotation_failure });
  const isUnknown = failure === null || failure.code === 'graph_unavailable';
  return isUnknown ? { kind: nextKind(row), keyId: null } : null;
}
