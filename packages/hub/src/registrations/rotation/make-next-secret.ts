import { millisecondsPerDay } from '../../ground/durations.ts';
import type { HubContext } from '../../hub-context.ts';
import type { RegistrationRow } from '../../store/schema.ts';
import { changeUnderLease, type RegistrationRun } from '../registration-lease.ts';
import { failRotation } from './fail-rotation.ts';
import { rotationGraph } from './rotation-graph.ts';
import { addSecret, type MadeSecret, removeLostSecrets, requireApplication } from './secret-in-entra.ts';

const usualLifetimeDays = 365;

/** Makes the new secret beside the old one. Only what was stored is used: one that was not is removed by the next try. */
export async function makeNextSecret(run: RegistrationRun): Promise<void> {
  const { context, row } = run;
  let made: MadeSecret;
  try {
    const graph = await rotationGraph(run);
    const application = await requireApplication(graph, row);
    await removeLostSecrets(graph, application, row);
    const lifetime = (row.secret_lifetime_days || usualLifetimeDays) * millisecondsPerDay;
    made = await addSecret(graph, application, {
      name: row.rotation_name ?? '',
      endsAt: context.clock.now() + lifetime,
    });
  } catch (error) {
    return failRotation(run, error);
  }
  await changeUnderLease(run, {
    rotation_step: 'proving',
    rotation_tries: 0,
    rotation_next_try_at: null,
    sealed_next_secret: context.vault.seal(made.secretText, nextSecretPlace(row.id)),
    next_secret_key_id: made.keyId,
    next_secret_hint: made.hint,
    next_secret_ends_at: made.endDateTime,
  });
}

/** @returns the new secret that is not proven yet */
export function openNextSecret({ vault }: Pick<HubContext, 'vault'>, row: RegistrationRow): string {
  const { sealed_next_secret: sealed } = row;
  if (sealed === null) throw new Error('A rotation proves a secret that was not made.');
  return vault.open(sealed, nextSecretPlace(row.id));
}

/** Where a sealed new secret belongs; a value moved to another row or column does not open. */
function nextSecretPlace(registrationId: string): string {
  return `registrations/${registrationId}/sealed_next_secret`;
}
