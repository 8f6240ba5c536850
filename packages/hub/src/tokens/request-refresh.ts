import {
  type Configuration,
  clientCredentialsGrant,
  refreshTokenGrant,
  type TokenEndpointResponse,
} from 'openid-client';
import { HubError } from '../errors/hub-error.ts';
import { millisecondsPerMinute } from '../ground/durations.ts';
import { readTokenFacts, type StoredTokenFacts } from '../token-endpoint/read-token-facts.ts';
import {
  type FailedTokenRequest,
  requestToken,
  type TokenAnswer,
  type TokenOutcome,
} from '../token-endpoint/request-token.ts';
import { askAuthority } from './ask-authority.ts';
import { mismatchOf, type RefreshTrigger } from './judge-token-state.ts';
import type { TokenState } from './read-token-state.ts';
import { resolveTokenClient } from './resolve-token-client.ts';
import { tokenPlace } from './store-token-set.ts';
import type { TokenContext } from './token-context.ts';

/** Answers for something else come so far apart that five of them are no passing mistake. */
const oddAnswerPause = millisecondsPerMinute;

export type RefreshOutcome =
  | { ok: true; answer: TokenAnswer; facts: StoredTokenFacts | null }
  | FailedRefresh;

export interface FailedRefresh extends FailedTokenRequest {
  /** Came with an access token that is of no use, and may be the only one that is still good. */
  refreshToken?: string | null;
  /** Such an answer may be a mistake: it counts for good only when it came several times in a row. */
  mayPass?: boolean;
}

/**
 * Asks Microsoft for new tokens of a connection. A connection that was proven goes on with the tokens that it has when
 * the new one is for something else: it was for the environment before.
 */
export async function requestRefresh(
  context: TokenContext,
  state: TokenState,
  trigger: RefreshTrigger,
): Promise<RefreshOutcome> {
  const outcome = await request(context, state, trigger);
  if (!outcome.ok) return outcome;
  const { accessToken, refreshToken } = outcome.answer;
  const facts = readTokenFacts(accessToken);
  const isProven = state.connection.last_proven_at !== null;
  const failure = isProven ? mismatchOf(context.provider, state, facts) : null;
  if (failure === null) return { ...outcome, facts };
  return { ok: false, failure, retryAfterMilliseconds: oddAnswerPause, refreshToken, mayPass: true };
}

async function request(
  context: TokenContext,
  state: TokenState,
  trigger: RefreshTrigger,
): Promise<TokenOutcome> {
  const { connection } = state;
  try {
    const client = await resolveTokenClient(context, connection);
    const grantType = connection.method === 'client_credentials' ? 'client_credentials' : 'refresh_token';
    const grant = grantOf(context, state);
    return await askAuthority(context, {
      connectionId: connection.id,
      origin: new URL(client.tokenEndpoint).origin,
      forced: trigger === 'forced',
      send: () => requestToken(context, client, grantType, grant),
    });
  } catch (error) {
    // The registration is not ready, or a stored secret can't be opened: as good a reason as a refusal.
    if (error instanceof HubError) return { ok: false, failure: error, retryAfterMilliseconds: null };
    throw error;
  }
}

/** The app's own token is simply asked for again; a person's needs the refresh token, with the resource or scope. */
function grantOf(
  context: TokenContext,
  { connection, tokenSet }: TokenState,
): (configuration: Configuration) => Promise<TokenEndpointResponse> {
  const parameters = context.provider.resourceParameters(connection);
  const { sealed_refresh_token: sealed } = tokenSet;
  if (connection.method === 'client_credentials' || sealed === null) {
    return (configuration) => clientCredentialsGrant(configuration, parameters);
  }
  const refreshToken = context.vault.open(sealed, tokenPlace(connection.id, 'sealed_refresh_token'));
  return (configuration) => refreshTokenGrant(configuration, refreshToken, parameters);
}
