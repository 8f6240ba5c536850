import { HubError } from '../../errors/hub-error.ts';
import { by, type NewEvent, recordEvent } from '../../events/record-event.ts';
import { pastMoment } from '../../ground/bounded-times.ts';
import type { RegistrationRow } from '../../store/schema.ts';
import { noPreviousSecret, noRotation } from '../cleared-columns.ts';
import { credentialName } from '../credential-in-entra.ts';
import { explainStepFailure } from '../explain-step-failure.ts';
import { changeAndRecord, changeUnderLease, type RegistrationRun } from '../registration-lease.ts';
import { decideRotationFailure } from './decide-rotation-failure.ts';
import { forgetAdministrator } from './forget-administrator.ts';
import { rotationGraph } from './rotation-graph.ts';
import { requireApplication } from './secret-in-entra.ts';
import { hasPrevious } from './take-place.ts';
import { removeUnused, unusedCredentials, withUnused } from './unused-credentials.ts';

/**
 * Removes the secret before the present one from Entra ID, once its grace time is over, and all else there that the hub has
 * made and no longer uses. Where the hub may not, it is written down and told: an administrator's sign-in removes it.
 */
export async function retirePreviousSecret(run: RegistrationRun): Promise<void> {
  const { context, row } = run;
  const now = context.clock.now();
  // Switched by a clock that was wrong: how much of the grace time is over nobody knows, so it begins anew.
  if (row.rotated_at !== null && pastMoment(row.rotated_at, now) === null)
    return changeUnderLease(run, { rotated_at: now });
  try {
    const graph = await rotationGraph(run);
    const application = await requireApplication(graph, row);
    const became = await removeUnused(graph, application, row);
    await endRetirement(run, became === null ? left(sentenceOfNothing(row)) : removed(became), null);
  } catch (error) {
    if (error instanceof HubError && error.code === 'registration_busy') throw error;
    const failure = explainStepFailure(error);
    if (failure.code === 'internal_error') context.log.error({ err: error }, 'old secret not removed');
    const tries = row.rotation_tries + 1;
    const decision = decideRotationFailure(failure, 'retiring', tries);
    if (decision.next === 'give_up') return leaveUnused(run, failure);
    await changeUnderLease(run, {
      rotation_tries: tries,
      rotation_next_try_at: context.clock.now() + decision.delayMilliseconds,
    });
  }
}

/** What is left is known, and shown: whoever may remove it later does. */
async function leaveUnused(run: RegistrationRun, failure: HubError): Promise<void> {
  const { row } = run;
  const { previous_credential_kind: kind, previous_secret_key_id: keyId } = row;
  const known = unusedCredentials(row);
  // Of one with an id the hub has heard, though not whose it is: one of its own is told by its name.
  const mayBeOwn = kind !== null && (keyId !== null || kind === 'federated') && known.length === 0;
  const unused = mayBeOwn ? withUnused(row, { kind, keyId: null }) : row.unused_credentials;
  if (unused === null) return endRetirement(run, left(sentenceOfNothing(row)), null);
  // Told once: a later try that comes to nothing, too, is no news.
  if (!hasPrevious(row)) return endRetirement(run, null, unused);
  const keyIds = known.flatMap((one) => one.keyId ?? []);
  const which = keyIds.length === 0 ? '' : ` (${keyIds.join(', ')})`;
  const sentence = `The ${previousName(row)} before${which} could not be removed (${failure.code}): have an administrator sign in to clean up on the registration’s page, or remove it in the portal.`;
  await endRetirement(run, left(sentence), unused);
}

type Told = Pick<NewEvent, 'kind' | 'summary'>;

function removed(summary: string): Told {
  return { kind: 'old_secret_removed', summary };
}

function left(summary: string): Told {
  return { kind: 'old_secret_left', summary };
}

/** @param told null where there is nothing to tell */
async function endRetirement(run: RegistrationRun, told: Told | null, unused: string | null): Promise<void> {
  const { context, row } = run;
  const change = {
    ...noRotation,
    ...noPreviousSecret,
    ...forgetAdministrator(row),
    unused_credentials: unused,
  };
  await changeAndRecord(run, change, async (db) => {
    if (told === null) return;
    await recordEvent(db, context, {
      subject: { kind: 'registration', id: row.id },
      ...told,
      facts: by(row.rotation_by),
    });
  });
}

function sentenceOfNothing(row: RegistrationRow): string {
  return hasPrevious(row)
    ? `The ${previousName(row)} before was not made by the hub, and was left in Microsoft Entra ID.`
    : 'Nothing that the hub has made and no longer uses is left in Microsoft Entra ID.';
}

function previousName({ previous_credential_kind: kind, credential_kind: present }: RegistrationRow): string {
  return credentialName({ credential_kind: kind ?? present });
}
