import type { Updateable } from 'kysely';
import { digest } from '../ground/digest.ts';
import { millisecondsPerHour, millisecondsPerSecond } from '../ground/durations.ts';
import type { HubContext } from '../hub-context.ts';
import type { Database } from '../store/schema.ts';
import { readTokenFacts } from '../token-endpoint/read-token-facts.ts';
import type { TokenAnswer } from '../token-endpoint/request-token.ts';

/** Taken when neither the answer nor the token says how long it lives: the shortest usual life. */
const assumedLifeMilliseconds = millisecondsPerHour;

/** Tokens to be stored; those typed by hand may be one without the other. */
export type TokensToSeal = Omit<TokenAnswer, 'accessToken'> & { accessToken: string | null };

/** @returns the columns of a token set that these tokens fill; those of a missing token are left out */
export function sealTokenSet(
  context: Pick<HubContext, 'vault' | 'clock'>,
  connectionId: string,
  tokens: TokensToSeal,
): Updateable<Database['token_sets']> {
  return {
    ...sealAccessToken(context, connectionId, tokens),
    ...sealRefreshToken(context, connectionId, tokens),
  };
}

/** Where the sealed tokens of a connection belong; a value moved to another row or column does not open. */
export function tokenPlace(
  connectionId: string,
  column: 'sealed_access_token' | 'sealed_refresh_token',
): string {
  return `token_sets/${connectionId}/${column}`;
}

function sealAccessToken(
  { vault, clock }: Pick<HubContext, 'vault' | 'clock'>,
  connectionId: string,
  { accessToken, expiresInSeconds }: TokensToSeal,
): Updateable<Database['token_sets']> {
  if (accessToken === null) return {};
  const now = clock.now();
  const facts = readTokenFacts(accessToken);
  const statedEnd = expiresInSeconds === null ? null : now + expiresInSeconds * millisecondsPerSecond;
  return {
    sealed_access_token: vault.seal(accessToken, tokenPlace(connectionId, 'sealed_access_token')),
    access_token_digest: digest(accessToken),
    obtained_at: now,
    expires_at: Math.round(statedEnd ?? facts?.expiresAt ?? now + assumedLifeMilliseconds),
    facts: facts && JSON.stringify(facts),
  };
}

function sealRefreshToken(
  { vault, clock }: Pick<HubContext, 'vault' | 'clock'>,
  connectionId: string,
  { refreshToken }: TokensToSeal,
): Updateable<Database['token_sets']> {
  if (refreshToken === null) return {};
  return {
    sealed_refresh_token: vault.seal(refreshToken, tokenPlace(connectionId, 'sealed_refresh_token')),
    refresh_token_obtained_at: clock.now(),
  };
}
