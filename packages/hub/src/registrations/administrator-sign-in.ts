import { HubError } from '../errors/hub-error.ts';
import type { ProviderContext } from '../providers/provider.ts';
import type { SignInSubject } from '../sign-ins/sign-in-subject.ts';
import { noLease } from '../store/lease.ts';
import type { RegistrationRow } from '../store/schema.ts';
import {
  type AuthorizationCallback,
  buildAuthorizeUrl,
  callbackFailure,
  redeemAuthorizationCode,
} from '../token-endpoint/authorization-code.ts';
import { administratorClient, administratorRedirectUri, administratorScope } from './administrator-client.ts';
import { signedInChange } from './administrator-token.ts';
import { changeRegistration } from './change-registration.ts';
import { administratorRefusal } from './decide-device-poll.ts';
import { waitsForSignIn } from './decide-work.ts';
import { failRegistration } from './fail-registration.ts';
import { findRegistration } from './find-registration.ts';
import { startRegistration } from './run-registration.ts';

/** @returns an administrator's sign-in by browser for a registration */
export function administratorSignIn(context: ProviderContext): SignInSubject {
  const { cloud } = context.config;
  const page = (registrationId: string) => `/registrations/${registrationId}`;
  return {
    redirectUri: () => administratorRedirectUri(context.config),
    async authorizeUrl(registrationId, request) {
      const row = await findWaiting(context, registrationId);
      const client = administratorClient(cloud, row.authority_tenant);
      return buildAuthorizeUrl(client, request, { scope: administratorScope(cloud, row) });
    },
    complete: (registrationId, callback) => completeSignIn(context, registrationId, callback),
    page,
    donePage: page,
  };
}

/**
 * Redeems the code, keeps the token for the time of the steps, and goes on with them in the background. What Microsoft
 * refuses becomes the failure of the registration's first step, and is shown with it.
 *
 * @throws HubError `registration_not_found`; `registration_state_conflict` when no sign-in is waited for
 */
async function completeSignIn(
  context: ProviderContext,
  registrationId: string,
  callback: AuthorizationCallback,
): Promise<void> {
  const row = await findWaiting(context, registrationId);
  const client = administratorClient(context.config.cloud, row.authority_tenant);
  const refusal = callbackFailure(client, callback);
  const outcome = refusal
    ? { ok: false as const, failure: refusal }
    : await redeemAuthorizationCode(context, client, callback);
  if (!outcome.ok) {
    await failRegistration({ context, row }, 'sign_in', administratorRefusal(outcome.failure), null);
    return;
  }
  const change = { ...signedInChange(context, row, outcome.answer), ...noLease };
  startRegistration(context, await changeRegistration(context, row, change));
}

async function findWaiting(context: ProviderContext, registrationId: string): Promise<RegistrationRow> {
  const row = await findRegistration(context, registrationId);
  if (!waitsForSignIn(row)) throw new HubError('registration_state_conflict');
  return row;
}
