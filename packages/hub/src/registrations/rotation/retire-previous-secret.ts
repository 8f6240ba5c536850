import { HubError } from '../../errors/hub-error.ts';
import { recordEvent } from '../../events/record-event.ts';
import { noPreviousSecret, noRotation } from '../cleared-columns.ts';
import { credentialName } from '../credential-in-entra.ts';
import { explainStepFailure } from '../explain-step-failure.ts';
import { changeAndRecord, changeUnderLease, type RegistrationRun } from '../registration-lease.ts';
import { chooseCredential, previousKind } from './choose-credential.ts';
import { decideRotationFailure } from './decide-rotation-failure.ts';
import { rotationGraph } from './rotation-graph.ts';
import { requireApplication } from './secret-in-entra.ts';

/**
 * Removes the secret before the present one from Entra ID, once its grace time is over. Where the hub may not, or does not
 * know which it is, it is left there to end by itself, and the registration's events say so.
 */
export async function retirePreviousSecret(run: RegistrationRun): Promise<void> {
  const { context, row } = run;
  const { previous_secret_key_id: keyId } = row;
  try {
    if (keyId === null)
      return await endRotation(run, 'is not known in Microsoft Entra ID, and was left there');
    const graph = await rotationGraph(run);
    const wasThere = await chooseCredential(previousKind(row)).remove(
      graph,
      await requireApplication(graph, row),
      keyId,
    );
    await endRotation(run, wasThere ? `(${keyId}) was removed` : `(${keyId}) was gone already`);
  } catch (error) {
    if (error instanceof HubError && error.code === 'registration_busy') throw error;
    const failure = explainStepFailure(error);
    const tries = row.rotation_tries + 1;
    const decision = decideRotationFailure(failure, 'retiring', tries);
    if (decision.next === 'give_up') {
      return endRotation(run, `(${keyId}) could not be removed (${failure.code}): remove it in the portal`);
    }
    await changeUnderLease(run, {
      rotation_tries: tries,
      rotation_next_try_at: context.clock.now() + decision.delayMilliseconds,
    });
  }
}

async function endRotation(run: RegistrationRun, whatBecame: string): Promise<void> {
  const { context, row } = run;
  await changeAndRecord(run, { ...noRotation, ...noPreviousSecret }, (db) =>
    recordEvent(db, context, {
      subject: { kind: 'registration', id: row.id },
      kind: 'old_secret_removed',
      summary: `The ${credentialName({ credential_kind: previousKind(row) })} before ${whatBecame}.`,
    }),
  );
}
