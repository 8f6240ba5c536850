import { watchRegistrationSoon } from '../../due-work/registration-work.ts';
import { HubError } from '../../errors/hub-error.ts';
import { recordEvent } from '../../events/record-event.ts';
import { endSecretFailures } from '../../evidence/end-secret-failures.ts';
import type { ProviderContext } from '../../providers/provider.ts';
import { inTransaction } from '../../store/in-transaction.ts';
import type { RegistrationRow } from '../../store/schema.ts';
import { registrationSecretPlace } from '../../tokens/registration-credentials.ts';
import { changeRegistrationIn, type RegistrationChange } from '../change-registration.ts';
import { noLease, noNextSecret, noSecretAlarm } from '../cleared-columns.ts';
import { withStep } from '../registration-steps.ts';
import { proveCredentials } from '../steps/prove-credentials.ts';
import { clientSecretHint } from './client-secret-hint.ts';

/** A secret that a person has made in Entra ID. */
interface GivenSecret {
  clientSecret: string;
  /** Epoch milliseconds; null when nobody knows. */
  endsAt: number | null;
}

/**
 * Puts another client secret in place of a registration's, once Microsoft has issued a token for it. Until then, and when
 * it is refused, the old one stays. All connections are kept; what the old secret did to them ends with it, in the same
 * transaction. A rotation under way is undone.
 *
 * @param change what else changes in the registration, in the same write
 * @throws HubError `registration_state_conflict` for a registration that has no application yet, or none any more; what
 *   `proveCredentials` throws, with the old secret untouched; `registration_busy` when it was changed meanwhile
 */
export async function replaceSecret(
  context: ProviderContext,
  row: RegistrationRow,
  { clientSecret, endsAt }: GivenSecret,
  change: RegistrationChange,
): Promise<RegistrationRow> {
  const { client_id: clientId, tenant_id: tenantId } = row;
  const isUsable = row.state === 'ready' || (row.state === 'failed' && row.kind === 'adopted');
  if (!isUsable || clientId === null || tenantId === null) throw new HubError('registration_state_conflict');
  const { detail } = await proveCredentials(context, {
    clientId,
    tenantId,
    credential: { kind: 'secret', secret: clientSecret },
  });
  return inTransaction(context.store, async (db) => {
    const changed = await changeRegistrationIn(context, db, row, {
      ...change,
      state: 'ready',
      ...(row.state === 'failed' && {
        steps: withStep(row, 'proof', { state: 'done', detail, failure: null }),
      }),
      credential_kind: 'secret',
      sealed_client_secret: context.vault.seal(clientSecret, registrationSecretPlace(row.id)),
      client_secret_key_id: null,
      client_secret_hint: clientSecretHint(clientSecret),
      client_secret_ends_at: endsAt,
      ...noSecretAlarm,
      rotation_failure: null,
      rotation_next_try_at: null,
      next_check_at: null,
      ...(isAddingSecret(row) && { rotation_step: 'undoing', ...noNextSecret }),
      ...noLease,
    });
    await endSecretFailures(db, context, row.id);
    await watchRegistrationSoon(db, context, row.id);
    await recordEvent(db, context, {
      subject: { kind: 'registration', id: row.id },
      kind: 'secret_changed',
      summary: 'Another client secret was given, and Microsoft has issued a token for it.',
    });
    return changed;
  });
}

/** A secret is being made in Entra ID that is of no more use. */
function isAddingSecret({ rotation_step: step }: RegistrationRow): boolean {
  return step === 'adding' || step === 'proving';
}
