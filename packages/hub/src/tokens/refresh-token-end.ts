import type { TokenFacts } from '@latchkey/api';
import { millisecondsPerDay } from '../ground/durations.ts';
import type { TokenState } from './read-token-state.ts';

/** What Microsoft ends a refresh token after that nobody uses (AADSTS700082). */
const unusedLife = 90 * millisecondsPerDay;
/** What a single page app's refresh token lives, used or not (AADSTS700084). */
const singlePageAppLife = millisecondsPerDay;

/** When a refresh token ends, in epoch milliseconds, and how that is known. */
export interface RefreshTokenEnd {
  endsAt: number;
  basis: NonNullable<TokenFacts['refreshTokenEndBasis']>;
}

/**
 * @returns when a connection's refresh token ends: as the token endpoint told, else by what Microsoft is known to do; null
 *   without one
 */
export function refreshTokenEnd({ connection, tokenSet }: TokenState): RefreshTokenEnd | null {
  const { refresh_token_obtained_at: obtainedAt, refresh_token_expires_at: endsAt } = tokenSet;
  if (tokenSet.sealed_refresh_token === null) return null;
  if (endsAt !== null) return { endsAt, basis: 'told' };
  if (obtainedAt === null) return null;
  if (isPasted({ connection, tokenSet }))
    return { endsAt: obtainedAt + singlePageAppLife, basis: 'assumed_24_hours' };
  return { endsAt: grantUsedAt(tokenSet, obtainedAt) + unusedLife, basis: 'assumed_90_days' };
}

/** Whether it is as somebody typed it in: how old it is nobody knows, nor whether it lives for a day only. */
export function isPasted({ connection, tokenSet }: Pick<TokenState, 'connection' | 'tokenSet'>): boolean {
  return connection.method === 'manual' && tokenSet.version === 0;
}

/** @returns when it was used last: a refresh that brought no other refresh token has used this one */
export function grantUsedAt(
  { obtained_at: refreshedAt }: TokenState['tokenSet'],
  obtainedAt: number,
): number {
  return Math.max(obtainedAt, refreshedAt ?? 0);
}
