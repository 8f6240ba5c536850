import type { ConnectionRow, TokenSetRow } from '../store/schema.ts';

/** What tells of a connection's tokens whether they last. */
export interface TokenLife {
  method: ConnectionRow['method'];
  hasAccessToken: boolean;
  hasRefreshToken: boolean;
  /** Epoch milliseconds. */
  expiresAt: number | null;
}

/** @returns whether new tokens can be had without a person: by the refresh token, or as the app itself */
export function isRefreshable({ method, hasRefreshToken }: TokenLife): boolean {
  return method === 'client_credentials' || hasRefreshToken;
}

/** @returns whether the access token has not ended yet, and lives at least so many milliseconds more */
export function isAlive({ hasAccessToken, expiresAt }: TokenLife, now: number, minimumLife = 0): boolean {
  return hasAccessToken && expiresAt !== null && now < expiresAt && expiresAt - now >= minimumLife;
}

/** @returns the same of rows that were read whole */
export function tokenLifeOf(
  { method }: Pick<ConnectionRow, 'method'>,
  tokenSet: Pick<TokenSetRow, 'sealed_access_token' | 'sealed_refresh_token' | 'expires_at'>,
): TokenLife {
  return {
    method,
    hasAccessToken: tokenSet.sealed_access_token !== null,
    hasRefreshToken: tokenSet.sealed_refresh_token !== null,
    expiresAt: tokenSet.expires_at,
  };
}
