import {
  type Adoption,
  type Creation,
  redirectUriObjection,
  usualRotationDays,
  usualRotationGraceHours,
} from '@latchkey/api';
import { HubError } from '../errors/hub-error.ts';
import { by, recordEvent } from '../events/record-event.ts';
import { createId } from '../ground/create-id.ts';
import { readDate } from '../ground/outside-values.ts';
import { redirectUriOf } from '../http/callback-path.ts';
import type { HubContext } from '../hub-context.ts';
import type { ProviderContext } from '../providers/provider.ts';
import { inTransaction } from '../store/in-transaction.ts';
import type { RegistrationRow } from '../store/schema.ts';
import { readClientCertificate } from '../token-endpoint/client-certificate.ts';
import { registrationSecretPlace } from '../tokens/registration-credentials.ts';
import { beginAdministratorSignIn } from './begin-administrator-sign-in.ts';
import { certificateColumns } from './certificates/registration-certificate.ts';
import { noAdministratorTask, noPreviousSecret, noRotation, noSecretAlarm } from './cleared-columns.ts';
import { findRegistration } from './find-registration.ts';
import { type CredentialStep, initialSteps, withStep } from './registration-steps.ts';
import { runRegistration, startRegistration } from './run-registration.ts';
import { clientSecretHint } from './secrets/client-secret-hint.ts';
import { withoutIdentity } from './without-identity.ts';

/**
 * Makes a registration. One to be created in Entra ID waits for an administrator's sign-in, and nothing is made there
 * before. One that exists already is proven at once; the registration is saved whatever the proof says.
 *
 * @param caller by what the timeline knows who made it
 * @throws HubError `invalid_body` with the field; what `beginAdministratorSignIn` throws
 */
export async function createRegistration(
  context: ProviderContext,
  input: Creation | Adoption,
  caller: string | null,
): Promise<RegistrationRow> {
  if (input.credential === 'federated' && !context.workloadIdentity) throw withoutIdentity();
  const blank = blankRegistration(context, input);
  return input.kind === 'created'
    ? await registerAfterSignIn(context, blank, input, caller)
    : await adopt(context, blank, input, caller);
}

async function registerAfterSignIn(
  context: ProviderContext,
  blank: RegistrationRow,
  input: Creation,
  caller: string | null,
): Promise<RegistrationRow> {
  const objection = redirectUriObjection(blank.redirect_uri, input.signInAudience);
  if (objection) {
    throw new HubError('invalid_body', { fields: [{ path: 'redirectUri', message: objection }] });
  }
  const row: RegistrationRow = {
    ...blank,
    sign_in_audience: input.signInAudience,
    secret_lifetime_days: input.secretLifetimeDays,
  };
  const signIn = await beginAdministratorSignIn(context, row, input.administratorSignIn);
  const begun = { ...row, ...signIn };
  await insert(context, begun, caller);
  startRegistration(context, begun);
  return begun;
}

async function adopt(
  context: ProviderContext,
  blank: RegistrationRow,
  input: Adoption,
  caller: string | null,
): Promise<RegistrationRow> {
  const { clientId, clientSecret, clientCertificate, clientSecretEndsAt } = input;
  const isBesideSecret = clientCertificate !== undefined || (input.credential ?? 'secret') !== 'secret';
  if (isBesideSecret && clientSecret !== undefined) throw secretBesideCertificate();
  const row: RegistrationRow = { ...blank, state: 'running', client_id: clientId };
  if (clientCertificate !== undefined) {
    Object.assign(row, certificateColumns(context, row.id, readClientCertificate(clientCertificate), null));
  } else if (input.credential === 'certificate' || input.credential === 'federated') {
    row.secret_lifetime_days = input.secretLifetimeDays;
  } else if (clientSecret === undefined) {
    row.steps = withStep(row, 'proof', {
      detail: 'No client secret was given, so only a sign-in can prove the application',
    });
  } else {
    row.sealed_client_secret = context.vault.seal(clientSecret, registrationSecretPlace(row.id));
    row.client_secret_hint = clientSecretHint(clientSecret);
    row.client_secret_ends_at = readDate(clientSecretEndsAt);
  }
  await insert(context, row, caller);
  // The caller waits for the verdict, so nothing here is tried twice.
  await runRegistration(context, row.id, new AbortController().signal);
  return findRegistration(context, row.id);
}

async function insert(context: ProviderContext, row: RegistrationRow, caller: string | null): Promise<void> {
  await inTransaction(context.store, async (db) => {
    await db.insertInto('registrations').values(row).execute();
    await recordEvent(db, context, {
      subject: { kind: 'registration', id: row.id },
      kind: 'created',
      summary: row.kind === 'created' ? 'The registration was begun.' : 'The application was adopted.',
      facts: { name: row.name, ...(row.client_id !== null && { clientId: row.client_id }), ...by(caller) },
    });
  });
}

function blankRegistration(
  { config, clock, random }: Pick<HubContext, 'config' | 'clock' | 'random'>,
  input: Creation | Adoption,
): RegistrationRow {
  const now = clock.now();
  return {
    id: createId(random),
    kind: input.kind,
    name: input.name,
    entra_name: null,
    state: 'awaiting_sign_in',
    sign_in_audience: 'AzureADMyOrg',
    redirect_uri: input.redirectUri ?? redirectUriOf(config),
    authority_tenant: input.tenantId,
    tenant_id: null,
    tenant_name: null,
    client_id: null,
    application_object_id: null,
    service_principal_id: null,
    grant_id: null,
    admin_consent_granted: 0,
    credential_kind: input.credential ?? 'secret',
    federated_identity: null,
    sealed_client_secret: null,
    client_secret_key_id: null,
    client_secret_hint: null,
    client_secret_ends_at: null,
    secret_lifetime_days: 0,
    ...noSecretAlarm,
    rotation_policy: input.rotation?.policy ?? 'automatic',
    rotation_days_before_end: input.rotation?.daysBeforeEnd ?? usualRotationDays,
    rotation_grace_hours: input.rotation?.graceHours ?? usualRotationGraceHours,
    ...noRotation,
    ...noPreviousSecret,
    unused_credentials: null,
    rotated_at: null,
    may_rotate: null,
    checked_at: null,
    check_findings: null,
    check_failure: null,
    next_check_at: null,
    ...noAdministratorTask,
    administrator_sign_in: 'browser',
    sealed_sign_in_link: null,
    device_code_display: null,
    sealed_device_code: null,
    device_code_expires_at: null,
    sealed_administrator_token: null,
    administrator_token_expires_at: null,
    steps: initialSteps(
      input.kind,
      credentialStepOf(input),
      input.kind === 'created' && input.automaticRotation,
    ),
    version: 0,
    lease_owner: null,
    lease_until: 0,
    created_at: now,
    updated_at: now,
  };
}

/** @returns the step that makes the credential; null where the application is taken with one, or with none */
function credentialStepOf(input: Creation | Adoption): CredentialStep | null {
  if (input.credential === 'federated') return 'federated_credential';
  if (input.kind === 'created')
    return input.credential === 'certificate' ? 'client_certificate' : 'client_secret';
  const isMadeHere = input.credential === 'certificate' && input.clientCertificate === undefined;
  return isMadeHere ? 'client_certificate' : null;
}

function secretBesideCertificate(): HubError {
  const message = 'Give either a client secret or another credential, not both.';
  return new HubError('invalid_body', { fields: [{ path: 'clientSecret', message }] });
}
