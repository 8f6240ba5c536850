import { HubError, toFailure } from '../errors/hub-error.ts';
import { redirectUriOf } from '../http/callback-path.ts';
import type { SignInSubject } from '../sign-ins/sign-in-subject.ts';
import { noLease } from '../store/lease.ts';
import type { ApplicationUserRow } from '../store/schema.ts';
import {
  type AuthorizationCallback,
  buildAuthorizeUrl,
  callbackFailure,
  redeemAuthorizationCode,
} from '../token-endpoint/authorization-code.ts';
import { readTokenState } from '../tokens/read-token-state.ts';
import { resolveTokenClient } from '../tokens/resolve-token-client.ts';
import { signedInChange } from './administrator-token.ts';
import { type ApplicationUserContext, applicationUsersOf } from './application-user-context.ts';
import { changeApplicationUser, findApplicationUser } from './application-user-row.ts';
import { withStep } from './application-user-steps.ts';
import { startApplicationUser, waitsForSignIn } from './run-application-user.ts';

/** @returns the sign-in of an administrator of an environment, through the connection's own application */
export function applicationUserSignIn(context: ApplicationUserContext): SignInSubject {
  const page = (connectionId: string) => `/connections/${connectionId}`;
  return {
    redirectUri: () => redirectUriOf(context.config),
    async authorizeUrl(connectionId, request) {
      await findWaiting(context, connectionId);
      const { client, parameters } = await resolveClient(context, connectionId);
      return buildAuthorizeUrl(client, request, parameters);
    },
    complete: (connectionId, callback) => completeSignIn(context, connectionId, callback),
    page,
    donePage: page,
  };
}

/** What Microsoft refuses becomes the failure of the first step, and is shown with it; the link may be used again. */
async function completeSignIn(
  context: ApplicationUserContext,
  connectionId: string,
  callback: AuthorizationCallback,
): Promise<void> {
  const row = await findWaiting(context, connectionId);
  const { client, parameters } = await resolveClient(context, connectionId);
  const refusal = callbackFailure(client, callback);
  const outcome = refusal
    ? { ok: false as const, failure: refusal }
    : await redeemAuthorizationCode(context, client, callback, parameters);
  if (outcome.ok) {
    const change = signedInChange(context, row, outcome.answer);
    startApplicationUser(context, await changeApplicationUser(context, row, change));
    return;
  }
  const failure = toFailure(outcome.failure);
  await changeApplicationUser(context, row, {
    state: row.state === 'undoing' ? 'undoing' : 'failed',
    sealed_sign_in_link: null,
    steps: withStep(row, 'sign_in', { state: 'failed', failure }),
    ...noLease,
  });
}

async function resolveClient(context: ApplicationUserContext, connectionId: string) {
  const { connection } = await readTokenState(context, connectionId);
  return {
    client: await resolveTokenClient(context, connection),
    parameters: applicationUsersOf(context).signInParameters(connection.environment_url),
  };
}

async function findWaiting(
  context: ApplicationUserContext,
  connectionId: string,
): Promise<ApplicationUserRow> {
  const row = await findApplicationUser(context, connectionId);
  if (!waitsForSignIn(row, context.clock.now())) throw new HubError('application_user_state_conflict');
  return row;
}
