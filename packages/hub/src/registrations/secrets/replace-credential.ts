import { watchRegistrationSoon } from '../../due-work/registration-work.ts';
import { HubError } from '../../errors/hub-error.ts';
import { by, type NewEvent, recordEvent } from '../../events/record-event.ts';
import { endSecretFailures } from '../../evidence/end-secret-failures.ts';
import { millisecondsPerMinute } from '../../ground/durations.ts';
import type { HubContext } from '../../hub-context.ts';
import type { ProviderContext } from '../../providers/provider.ts';
import { inTransaction } from '../../store/in-transaction.ts';
import { noLease } from '../../store/lease.ts';
import type { RegistrationRow } from '../../store/schema.ts';
import { type ClientCertificate, certificateFacts } from '../../token-endpoint/client-certificate.ts';
import { credentialOf } from '../../tokens/registration-credentials.ts';
import { changeRegistrationIn, type RegistrationChange } from '../change-registration.ts';
import { noAdministratorTask, noAdministratorToken, noSignInUnderWay } from '../cleared-columns.ts';
import { credentialName } from '../credential-in-entra.ts';
import { withStep } from '../registration-steps.ts';
import { nextKind } from '../rotation/choose-credential.ts';
import {
  hasCredential,
  openIfReadable,
  openPreviousIfReadable,
  type ProvenCredential,
  takePlace,
} from '../rotation/take-place.ts';
import { proveCredentials } from '../steps/prove-credentials.ts';
import { clientSecretHint } from './client-secret-hint.ts';

/** A secret that a person has made in Entra ID, or a certificate whose public part they have put there. */
export type GivenCredential =
  | {
      kind: 'secret';
      clientSecret: string;
      /** Epoch milliseconds; null when nobody knows. */
      endsAt: number | null;
    }
  | ({ kind: 'certificate' } & ClientCertificate);

/** Two calls to Microsoft take less: what a process was about to make when another credential was given is there by then. */
const inFlightMilliseconds = millisecondsPerMinute;

/**
 * Proves a given credential, so that it can take the present one's place.
 *
 * @throws HubError `registration_state_conflict` for a registration that has no application yet, or none any more; what
 *   `proveCredentials` throws
 */
export async function proveGiven(
  context: ProviderContext,
  row: RegistrationRow,
  given: GivenCredential,
): Promise<ProvenCredential> {
  const { client_id: clientId, tenant_id: tenantId } = row;
  const isUsable = row.state === 'ready' || (row.state === 'failed' && row.kind === 'adopted');
  if (!isUsable || clientId === null || tenantId === null) throw new HubError('registration_state_conflict');
  const proven = describeGiven(given);
  const credential = credentialOf(context, proven.kind, proven.text);
  await proveCredentials(context, { clientId, tenantId, credential });
  return { ...proven, keyId: knownKeyId(context, row, proven) };
}

/** One that is there, or was before, may be given back: its id is known, and it is not to be removed as an old one. */
function knownKeyId(
  { vault }: Pick<HubContext, 'vault'>,
  row: RegistrationRow,
  { kind, text }: ProvenCredential,
): string | null {
  if (kind === row.credential_kind && text === openIfReadable({ vault }, row))
    return row.client_secret_key_id;
  const previous = kind === row.previous_credential_kind && row.sealed_previous_secret;
  if (!previous || text !== openPreviousIfReadable({ vault }, row)) return null;
  return row.previous_secret_key_id;
}

/**
 * Puts a proven credential in the place of a registration's, in one transaction: all connections are kept, and what the old
 * one did to them ends. The old one is tried beside it for the grace time, and then removed where the hub has made it. A
 * rotation under way is undone.
 *
 * @param change what else changes in the registration, and what is told of that, in the same write
 * @param caller by what the timeline knows who gave it
 * @throws HubError `registration_busy` when the registration was changed meanwhile
 */
export async function replaceCredential(
  context: ProviderContext,
  row: RegistrationRow,
  proven: ProvenCredential,
  { change, events }: { change: RegistrationChange; events: readonly NewEvent[] },
  caller: string | null,
): Promise<RegistrationRow> {
  return inTransaction(context.store, async (db) => {
    const changed = await changeRegistrationIn(context, db, row, {
      ...change,
      state: 'ready',
      ...(row.state === 'failed' && { steps: withStep(row, 'proof', provenStep) }),
      ...takePlace(context, row, proven),
      next_check_at: null,
      ...stepAfter(context, row, caller),
      ...noLease,
    });
    await endSecretFailures(db, context, row.id);
    await watchRegistrationSoon(db, context, row.id);
    await recordEvent(db, context, {
      subject: { kind: 'registration', id: row.id },
      kind: 'secret_changed',
      summary: `Another ${credentialName({ credential_kind: proven.kind })} was given, and Microsoft has issued a token for it.`,
      facts: by(caller),
    });
    for (const event of events) await recordEvent(db, context, event);
    return changed;
  });
}

const provenStep = {
  state: 'done',
  detail: 'Microsoft Entra ID issued a token for the application',
  failure: null,
} as const;

function describeGiven(given: GivenCredential): ProvenCredential {
  if (given.kind === 'secret') {
    const { clientSecret, endsAt } = given;
    return { kind: 'secret', text: clientSecret, keyId: null, hint: clientSecretHint(clientSecret), endsAt };
  }
  const { privateKey, certificate } = given;
  const facts = certificateFacts(certificate);
  return {
    kind: 'certificate',
    text: JSON.stringify({ privateKey, certificate }),
    keyId: null,
    hint: facts?.thumbprint ?? null,
    endsAt: facts?.endsAt ?? null,
  };
}

/** What becomes of a rotation that is under way, and of the credential that is replaced. */
function stepAfter(
  { clock }: Pick<HubContext, 'clock'>,
  row: RegistrationRow,
  caller: string | null,
): RegistrationChange {
  const isUndone =
    row.rotation_step === 'adding' || row.rotation_step === 'proving' || row.rotation_step === 'undoing';
  // An administrator has signed in, or is to, to make one that nobody needs any more.
  const noTask: RegistrationChange = row.administrator_task === 'rotate' ? cancelledTask : {};
  if (isUndone) {
    return {
      ...noTask,
      rotation_step: 'undoing',
      rotation_next_try_at: clock.now() + inFlightMilliseconds,
      // Which one was being made, for whoever removes it.
      next_credential_kind: nextKind(row),
      next_secret_key_id: row.next_secret_key_id,
      rotation_by: caller,
    };
  }
  const isRetiring = row.state === 'ready' && hasCredential(row);
  return {
    ...noTask,
    ...(row.administrator_task === 'rotate' && noAdministratorToken),
    ...(isRetiring && { rotation_step: 'retiring' as const, rotation_by: caller }),
  };
}

const cancelledTask = { ...noAdministratorTask, ...noSignInUnderWay } as const;
