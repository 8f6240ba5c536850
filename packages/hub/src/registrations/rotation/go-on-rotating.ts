import type { RegistrationRun } from '../registration-lease.ts';
import { makeNextSecret } from './make-next-secret.ts';
import { proveNextSecret } from './prove-next-secret.ts';
import { retirePreviousSecret } from './retire-previous-secret.ts';
import { undoRotation } from './undo-rotation.ts';

/**
 * Does the step that a rotation is at:
 *
 * 1. `adding`: a new secret beside the old one, sealed as soon as Graph shows it;
 * 2. `proving`: a token by the new one, with patience for its replication; then one write switches all connections;
 * 3. `retiring`: both work for a grace time, then the old one is removed;
 * 4. `undoing`: whatever failed, the new secret is removed and the old one stays.
 *
 * Each step is written down before its call and after it. A process that is killed anywhere leaves a registration that
 * works, and the next one goes on from the row.
 */
export async function goOnRotating(run: RegistrationRun): Promise<void> {
  switch (run.row.rotation_step) {
    case 'adding':
      return makeNextSecret(run);
    case 'proving':
      return proveNextSecret(run);
    case 'retiring':
      return retirePreviousSecret(run);
    case 'undoing':
      return undoRotation(run);
    case null:
      return;
  }
}
