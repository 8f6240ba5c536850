import { failureSchema, type Registration, registrationSchema } from '@latchkey/api';
import { toFailure } from '../errors/hub-error.ts';
import { toIso, toIsoIfUsable, unknownTime } from '../ground/clock.ts';
import { readColumn } from '../ground/read-json.ts';
import { adminConsentUrl } from '../http/admin-consent.ts';
import { presentRow } from '../http/describe-damage.ts';
import type { HubContext } from '../hub-context.ts';
import type { ProviderContext } from '../providers/provider.ts';
import { signInLinkSchema } from '../sign-ins/create-sign-in-link.ts';
import type { RegistrationRow } from '../store/schema.ts';
import { signInLinkPlace } from './begin-administrator-sign-in.ts';
import { waitsForSignIn } from './decide-work.ts';
import {
  noUpkeep,
  type PresentedCredential,
  type PresentedUpkeep,
  presentCredential,
  presentUpkeep,
} from './present-upkeep.ts';
import { readSteps, stepTitle } from './registration-steps.ts';
import { readDeviceCodeDisplay } from './request-device-code.ts';

/**
 * @returns a registration as the API shows it: of a secret only its key id, its first characters and its end; a damaged
 *   one is `failed`, or `undone`, and says why
 */
export function presentRegistration(
  context: Pick<ProviderContext, 'vault' | 'clock' | 'provider' | 'config'>,
  row: RegistrationRow,
): Registration {
  return presentRow({
    schema: registrationSchema,
    whole: () => presentWhole(context, row),
    damaged: (error) => ({
      ...presentFacts(context, row),
      state: row.state === 'undone' ? 'undone' : 'failed',
      ...presentCredential(context, row, toIsoIfUsable),
      ...noUpkeep(row),
      steps: [],
      signIn: null,
      task: null,
      failure: toFailure(error),
      createdAt: toIsoIfUsable(row.created_at) ?? unknownTime,
      updatedAt: toIsoIfUsable(row.updated_at) ?? unknownTime,
    }),
    neutral,
  });
}

const neutral = {
  id: '',
  name: '',
  nameInEntra: null,
  kind: 'created',
  signInAudience: 'AzureADMyOrg',
  redirectUri: '',
  tenantId: null,
  tenantName: null,
  clientId: null,
  applicationObjectId: null,
  servicePrincipalId: null,
  credential: 'none',
  clientSecret: null,
  certificate: null,
  federatedIdentity: null,
} as const satisfies Partial<Registration>;

function presentWhole(
  context: Pick<ProviderContext, 'vault' | 'clock' | 'provider' | 'config'>,
  row: RegistrationRow,
): Registration {
  const steps = readSteps(row);
  return {
    ...presentFacts(context, row),
    state: row.state,
    ...presentCredential(context, row, toIso),
    ...presentUpkeep(row),
    steps: steps.map((step) => ({
      ...step,
      title: stepTitle(step.name, context.provider.api),
      startedAt: toIso(step.startedAt),
    })),
    signIn: presentSignIn(context, row),
    task: presentTask(row),
    failure: row.state === 'failed' ? (steps.find(({ state }) => state === 'failed')?.failure ?? null) : null,
    createdAt: toIso(row.created_at),
    updatedAt: toIso(row.updated_at),
  };
}

type Facts = Omit<
  Registration,
  | 'state'
  | keyof PresentedCredential
  | 'steps'
  | 'signIn'
  | 'task'
  | 'failure'
  | 'createdAt'
  | 'updatedAt'
  | keyof PresentedUpkeep
>;

function presentFacts(
  { provider: { api }, config }: Pick<ProviderContext, 'provider' | 'config'>,
  row: RegistrationRow,
): Facts {
  return {
    id: row.id,
    name: row.name,
    nameInEntra: row.entra_name,
    kind: row.kind,
    signInAudience: row.sign_in_audience,
    redirectUri: row.redirect_uri,
    tenantId: row.tenant_id,
    tenantName: row.tenant_name,
    clientId: row.client_id,
    applicationObjectId: row.application_object_id,
    servicePrincipalId: row.service_principal_id,
    permissions: [{ api: api.title, value: api.permission, type: 'delegated' }],
    adminConsentGranted: row.admin_consent_granted === 1,
    adminConsentUrl: consentUrl(config, row),
  };
}

/** @returns what an administrator signs in for while the registration is ready */
function presentTask(row: RegistrationRow): Registration['task'] {
  const { administrator_task: kind, administrator_task_failure: failure } = row;
  if (kind === null) return null;
  if (failure !== null) {
    const read = readColumn(failureSchema, failure, 'registrations.administrator_task_failure');
    return { kind, state: 'failed', failure: read };
  }
  return { kind, state: waitsForSignIn(row) ? 'awaiting_sign_in' : 'running', failure: null };
}

/** @returns null before there is an application in a tenant, and once it is undone */
function consentUrl(config: ProviderContext['config'], row: RegistrationRow): string | null {
  const { id, state, tenant_id: tenantId, client_id: clientId } = row;
  if (tenantId === null || clientId === null || state === 'undone') return null;
  return adminConsentUrl(config, { tenantId, clientId, subject: `registrations/${id}`, scope: null });
}

/** @returns null as well when the link or the code has ended: a fresh one is asked for with POST …/sign-in */
function presentSignIn(
  { vault, clock }: Pick<HubContext, 'vault' | 'clock'>,
  row: RegistrationRow,
): Registration['signIn'] {
  if (!waitsForSignIn(row)) return null;
  const now = clock.now();
  const codeEndsAt = row.device_code_expires_at ?? 0;
  if (row.device_code_display !== null && codeEndsAt > now) {
    const { userCode, verificationUri, message } = readDeviceCodeDisplay(row.device_code_display);
    const expiresAt = toIso(codeEndsAt);
    return { kind: 'device_code', userCode, verificationUri, message, expiresAt };
  }
  if (row.sealed_sign_in_link === null) return null;
  const link = vault.open(row.sealed_sign_in_link, signInLinkPlace(row.id));
  const { url, expiresAt } = readColumn(signInLinkSchema, link, 'registrations.sealed_sign_in_link');
  return expiresAt > now ? { kind: 'browser', url, expiresAt: toIso(expiresAt) } : null;
}
