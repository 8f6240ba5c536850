import type { ProviderContext } from '../providers/provider.ts';
import { createSignInLink, type SignInLink } from '../sign-ins/create-sign-in-link.ts';
import { noLease } from '../store/lease.ts';
import type { RegistrationRow } from '../store/schema.ts';
import { administratorPurpose, administratorRedirectUri } from './administrator-client.ts';
import type { RegistrationChange } from './change-registration.ts';
import { noAdministratorToken, noSignInUnderWay } from './cleared-columns.ts';
import { withStep } from './registration-steps.ts';
import { requestDeviceCode } from './request-device-code.ts';

/**
 * Begins an administrator's sign-in, or begins it anew: an earlier link, code or token counts no more.
 *
 * @param registration as far as it is needed; it may be about to be made
 * @param kind a link for the browser at the hub, or a device code for any browser
 * @returns what changes in the registration
 * @throws HubError `invalid_body` when a browser can't come back here; `token_endpoint_unavailable`,
 *   `token_endpoint_nonsense` or Microsoft's refusal when there is no device code to be had
 */
export async function beginAdministratorSignIn(
  context: ProviderContext,
  registration: Pick<RegistrationRow, 'id' | 'state' | 'steps' | 'authority_tenant' | 'administrator_task'>,
  kind: RegistrationRow['administrator_sign_in'],
): Promise<RegistrationChange> {
  const signIn =
    kind === 'browser'
      ? await createSealedLink(context, registration.id)
      : await requestDeviceCode(context, registration);
  const startedAt = context.clock.now();
  const waiting = { state: 'waiting', startedAt, durationMs: null, detail: null, failure: null } as const;
  const { state } = registration;
  return {
    // One that is ready stays so: its connections go on.
    state: state === 'undoing' || state === 'ready' ? state : 'awaiting_sign_in',
    administrator_sign_in: kind,
    ...(state !== 'ready' && { steps: withStep(registration, 'sign_in', waiting) }),
    ...noAdministratorToken,
    ...noSignInUnderWay,
    ...signIn,
    // A run that polls for an earlier code ends at its next write.
    ...noLease,
  };
}

async function createSealedLink(context: ProviderContext, id: string): Promise<RegistrationChange> {
  // Refused before a link is made that would lead nowhere.
  administratorRedirectUri(context.config);
  const link: SignInLink = await createSignInLink(context, { purpose: administratorPurpose, subjectId: id });
  return { sealed_sign_in_link: context.vault.seal(JSON.stringify(link), signInLinkPlace(id)) };
}

/** Where a sealed sign-in link belongs; a value moved to another row or column does not open. */
export function signInLinkPlace(registrationId: string): string {
  return `registrations/${registrationId}/sealed_sign_in_link`;
}
