import { randomBytes } from 'node:crypto';

/** Of Entra ID they have about as many characters as this makes. */
const refreshTokenBytes = 1000;

/** A refresh token as long as Entra ID's, which says nothing to anybody but its authority. */
export function makeRefreshToken(): string {
  return `1.${randomBytes(refreshTokenBytes).toString('base64url')}`;
}
