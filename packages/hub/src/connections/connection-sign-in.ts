import { HubError } from '../errors/hub-error.ts';
import { recordSignInFailure } from '../evidence/record-evidence.ts';
import { redirectUriOf } from '../http/callback-path.ts';
import type { SignInSubject } from '../sign-ins/sign-in-subject.ts';
import {
  type AccountHint,
  type AuthorizationCallback,
  buildAuthorizeUrl,
  callbackFailure,
  redeemAuthorizationCode,
} from '../token-endpoint/authorization-code.ts';
import { readTokenFacts } from '../token-endpoint/read-token-facts.ts';
import { mismatchOf } from '../tokens/judge-token-state.ts';
import { keepTryingToStore } from '../tokens/keep-trying-to-store.ts';
import { readTokenState } from '../tokens/read-token-state.ts';
import { resolveTokenClient } from '../tokens/resolve-token-client.ts';
import { storeTokenSet } from '../tokens/store-token-set.ts';
import type { TokenContext } from '../tokens/token-context.ts';
import { testConnection } from './test-connection.ts';

/** The name of a connection's sign-in among the subjects. */
export const connectionPurpose = 'connection';

/** @returns a person's sign-in for a connection */
export function connectionSignIn(context: TokenContext): SignInSubject {
  const page = (connectionId: string) => `/connections/${connectionId}`;
  return {
    redirectUri: () => redirectUriOf(context.config),
    async authorizeUrl(connectionId, request) {
      const { connection } = await readTokenState(context, connectionId);
      const client = await resolveTokenClient(context, connection);
      const parameters = context.provider.resourceParameters(connection);
      const account = request.account === 'other' ? null : accountHint(connection.user_name);
      return buildAuthorizeUrl(client, request, parameters, account);
    },
    async complete(connectionId, callback) {
      try {
        await completeSignIn(context, connectionId, callback);
      } catch (error) {
        if (error instanceof HubError) await recordSignInFailure(context, connectionId, error);
        throw error;
      }
    },
    page,
    donePage: (connectionId) => `${page(connectionId)}?signed-in=1`,
  };
}

/** @returns whoever signed in last, so that reconnecting takes one click; null before the first sign-in */
function accountHint(user: string | null): AccountHint | null {
  if (user === null) return null;
  const domain = user.split('@').at(1);
  // A guest's name is of the tenant that invited it (`#EXT#`), not of where the guest signs in.
  return { login_hint: user, ...(domain !== undefined && !user.includes('#') && { domain_hint: domain }) };
}

/**
 * Redeems the code, stores the tokens, and proves them. Once stored, the sign-in is done whatever the proof says; its
 * finding is in the connection's state. Tokens of another tenant, or for something else, are never stored: they could
 * not work, and those that are there may.
 *
 * @throws HubError when Microsoft sent an error instead of a code, or the code could not be redeemed;
 *   `token_not_for_environment`
 */
async function completeSignIn(
  context: TokenContext,
  connectionId: string,
  callback: AuthorizationCallback,
): Promise<void> {
  const { connection } = await readTokenState(context, connectionId);
  const client = await resolveTokenClient(context, connection);
  const refusal = callbackFailure(client, callback);
  if (refusal) throw refusal;
  const parameters = context.provider.resourceParameters(connection);
  const outcome = await redeemAuthorizationCode(context, client, callback, parameters);
  if (!outcome.ok) throw outcome.failure;
  const { answer } = outcome;
  const mismatch = mismatchOf(context.provider, { connection }, readTokenFacts(answer.accessToken));
  if (mismatch) throw mismatch;
  await keepTryingToStore(context, connectionId, () => storeTokenSet(context, connectionId, answer));
  if (!connection.disabled) await testConnection(context, connectionId);
}
