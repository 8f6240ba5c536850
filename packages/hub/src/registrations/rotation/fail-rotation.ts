import { toFailure } from '../../errors/hub-error.ts';
import { by, recordEvent } from '../../events/record-event.ts';
import { credentialName } from '../credential-in-entra.ts';
import { explainStepFailure } from '../explain-step-failure.ts';
import { changeAndRecord, changeUnderLease, type RegistrationRun } from '../registration-lease.ts';
import { decideRotationFailure } from './decide-rotation-failure.ts';

/** Records that a step failed: it is tried again where that may help, else the rotation is undone. */
export async function failRotation(run: RegistrationRun, error: unknown): Promise<void> {
  const { context, row } = run;
  const failure = explainStepFailure(error);
  if (failure.code === 'internal_error') context.log.error({ err: error }, 'rotation failed');
  const tries = row.rotation_tries + 1;
  const decision = decideRotationFailure(failure, row.rotation_step, tries);
  const rotationFailure = JSON.stringify(toFailure(failure));
  const nextTryAt = context.clock.now() + decision.delayMilliseconds;
  if (decision.next === 'try_again') {
    return changeUnderLease(run, {
      rotation_tries: tries,
      rotation_failure: rotationFailure,
      rotation_next_try_at: nextTryAt,
    });
  }
  await changeAndRecord(
    run,
    {
      rotation_step: 'undoing',
      rotation_tries: 0,
      rotation_failure: rotationFailure,
      rotation_next_try_at: null,
    },
    (db) =>
      recordEvent(db, context, {
        subject: { kind: 'registration', id: row.id },
        kind: 'rotation_failed',
        summary: `The rotation came to nothing and is undone; the old ${credentialName(row)} stays.`,
        failure,
        facts: by(row.rotation_by),
      }),
  );
}
