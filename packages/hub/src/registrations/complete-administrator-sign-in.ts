import { parseOAuthErrorParameters } from '@latchkey/microsoft';
import { authorizationCodeGrant } from 'openid-client';
import { HubError } from '../errors/hub-error.ts';
import type { ProviderContext } from '../providers/provider.ts';
import type { RegistrationRow } from '../store/schema.ts';
import { describeCallbackError } from '../token-endpoint/describe-token-failure.ts';
import { requestToken, type TokenAnswer } from '../token-endpoint/request-token.ts';
import type { SignInCallback } from '../tokens/exchange-authorization-code.ts';
import { administratorClient } from './administrator-client.ts';
import { signedInChange } from './administrator-token.ts';
import { changeRegistration } from './change-registration.ts';
import { noLease } from './cleared-columns.ts';
import { administratorRefusal } from './decide-device-poll.ts';
import { failRegistration } from './fail-registration.ts';
import { findRegistration } from './find-registration.ts';
import { takeOn } from './run-registration.ts';
import { waitsForSignIn } from './waits-for-sign-in.ts';

/**
 * Completes an administrator's sign-in by browser: redeems the code (RFC 6749 §4.1.3, RFC 7636 §4.5), keeps the token
 * for the time of the steps, and goes on with them in the background. The state was checked and used up before. What
 * Microsoft refuses becomes the failure of the registration's first step, and is shown with it.
 *
 * @throws HubError `registration_not_found`; `registration_state_conflict` when no sign-in is waited for
 */
export async function completeAdministratorSignIn(
  context: ProviderContext,
  { registrationId, callback }: { registrationId: string; callback: SignInCallback },
): Promise<void> {
  const row = await findRegistration(context, registrationId);
  if (!waitsForSignIn(row)) throw new HubError('registration_state_conflict');
  const outcome = await redeem(context, row, callback);
  if (!outcome.ok) {
    await failRegistration({ context, row }, 'sign_in', administratorRefusal(outcome.failure), null);
    return;
  }
  const change = { ...signedInChange(context, row, outcome.answer), ...noLease };
  takeOn(context, await changeRegistration(context, row, change));
}

type RedeemOutcome = { ok: true; answer: TokenAnswer } | { ok: false; failure: HubError };

async function redeem(
  context: ProviderContext,
  row: RegistrationRow,
  callback: SignInCallback,
): Promise<RedeemOutcome> {
  const url = new URL(callback.url);
  const refusal = parseOAuthErrorParameters(url.searchParams);
  if (refusal) return { ok: false, failure: describeCallbackError(refusal) };
  if (!url.searchParams.has('code')) {
    const detail = 'Microsoft sent back neither a code nor an error.';
    return { ok: false, failure: new HubError('sign_in_declined', { detail }) };
  }
  const client = administratorClient(context.config.cloud, row.authority_tenant);
  const checks = {
    pkceCodeVerifier: callback.codeVerifier,
    expectedState: url.searchParams.get('state') ?? '',
  };
  return requestToken(context, client, 'authorization_code', (configuration) =>
    authorizationCodeGrant(configuration, url, checks),
  );
}
