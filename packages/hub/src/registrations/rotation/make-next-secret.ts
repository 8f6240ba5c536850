import type { HubContext } from '../../hub-context.ts';
import type { RegistrationRow } from '../../store/schema.ts';
import type { MadeCredential } from '../credential-in-entra.ts';
import { changeUnderLease, type RegistrationRun } from '../registration-lease.ts';
import { credentialsInEntra, nextKind } from './choose-credential.ts';
import { failRotation } from './fail-rotation.ts';
import { rotationGraph } from './rotation-graph.ts';
import { requireApplication } from './secret-in-entra.ts';
import { removeOwnUnused } from './unused-credentials.ts';

/**
 * Makes the new secret, certificate or federated credential beside the old one. Only what was stored is used: one that was
 * not is removed by the next try.
 */
export async function makeNextSecret(run: RegistrationRun): Promise<void> {
  const { context, row } = run;
  let made: MadeCredential;
  try {
    const graph = await rotationGraph(run);
    const application = await requireApplication(graph, row);
    await removeOwnUnused(graph, application, row, []);
    made = await credentialsInEntra[nextKind(row)].make(run, graph, application);
  } catch (error) {
    return failRotation(run, error);
  }
  await changeUnderLease(run, {
    rotation_step: 'proving',
    rotation_tries: 0,
    rotation_next_try_at: null,
    sealed_next_secret: context.vault.seal(made.text, nextSecretPlace(row.id)),
    next_secret_key_id: made.keyId,
    next_secret_hint: made.hint,
    next_secret_ends_at: made.endsAt,
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
