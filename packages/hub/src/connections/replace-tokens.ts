import { refreshTokenGrant } from 'openid-client';
import { HubError } from '../errors/hub-error.ts';
import type { ConnectionRow } from '../store/schema.ts';
import { readTokenFacts } from '../token-endpoint/read-token-facts.ts';
import { requestToken } from '../token-endpoint/request-token.ts';
import { mismatchOf } from '../tokens/judge-token-state.ts';
import { keepTryingToStore } from '../tokens/keep-trying-to-store.ts';
import { resolveTokenClient } from '../tokens/resolve-token-client.ts';
import { storeTokenSet, type TokensToSeal } from '../tokens/store-token-set.ts';
import type { TokenContext } from '../tokens/token-context.ts';
import { readTypedTokens } from './read-typed-tokens.ts';

/** What a person typed in; neither means that nothing is to be replaced. */
interface TypedInPlace {
  accessToken?: string | undefined;
  refreshToken?: string | undefined;
}

/**
 * Proves tokens that were typed in place of a connection's own, before they take their place: a refresh token by
 * redeeming it, an access token by what it says about itself. The tokens that are there may be good, and a mistyped
 * one must not cost them.
 *
 * @param connection as it will be: with the secret that is typed at the same time
 * @returns the tokens to store; null when none were typed
 * @throws HubError `invalid_body` with the field, `token_not_for_environment`, and what Microsoft refuses
 */
export async function proveTypedTokens(
  context: TokenContext,
  connection: ConnectionRow,
  input: TypedInPlace,
): Promise<TokensToSeal | null> {
  if (input.accessToken === undefined && input.refreshToken === undefined) return null;
  if (connection.method === 'client_credentials') {
    const message = 'An application that signs in as itself has no tokens of a person.';
    throw new HubError('invalid_body', { fields: [{ path: 'accessToken', message }] });
  }
  const { accessToken, refreshToken, facts } = readTypedTokens(input);
  if (refreshToken === null) {
    const mismatch = mismatchOf(context.provider, { connection }, facts);
    if (mismatch) throw mismatch;
    return { accessToken, refreshToken: null, expiresInSeconds: null };
  }
  return redeem(context, connection, refreshToken);
}

/** Whatever access token was typed beside it: the one that comes is as good, and newer. */
async function redeem(
  context: TokenContext,
  connection: ConnectionRow,
  refreshToken: string,
): Promise<TokensToSeal> {
  const client = await resolveTokenClient(context, connection);
  const parameters = context.provider.resourceParameters(connection);
  const outcome = await requestToken(context, client, 'refresh_token', (configuration) =>
    refreshTokenGrant(configuration, refreshToken, parameters),
  );
  if (!outcome.ok) throw outcome.failure;
  const { answer } = outcome;
  const mismatch = mismatchOf(context.provider, { connection }, readTokenFacts(answer.accessToken));
  if (mismatch) throw mismatch;
  return { ...answer, refreshToken: answer.refreshToken ?? refreshToken };
}

/** Puts proven tokens in place of those of a connection, which keeps its id and everything else. */
export async function replaceTokens(
  context: TokenContext,
  connectionId: string,
  tokens: TokensToSeal,
  caller: string | null,
): Promise<void> {
  const origin = { kind: 'tokens_entered', caller } as const;
  await keepTryingToStore(context, connectionId, () => storeTokenSet(context, connectionId, tokens, origin));
}
