import { decodeJwt, errors, type JWTPayload } from 'jose';
import { z } from 'zod';
import { millisecondsPerSecond } from '../ground/durations.ts';

/** The shape of `StoredTokenFacts`, for where it is stored. */
export const storedTokenFactsSchema = z.object({
  audience: z.string().nullable(),
  tenantId: z.string().nullable(),
  clientId: z.string().nullable(),
  /** UPN, where a person signed in. */
  user: z.string().nullable(),
  objectId: z.string().nullable(),
  scopes: z.array(z.string()),
  roles: z.array(z.string()),
  tokenVersion: z.string().nullable(),
  issuedAt: z.number().nullable(),
  expiresAt: z.number().nullable(),
});

/** What an access token says about itself. Times are epoch milliseconds. Never holds the token. */
export type StoredTokenFacts = z.output<typeof storedTokenFactsSchema>;

/**
 * Decodes an access token without checking its signature: only the resource can check it, and only the environment's
 * answer proves it. The facts catch the common mistakes (an id_token, a token for Microsoft Graph) before that.
 *
 * Access tokens are shaped as v1 (`appid`, `upn`) where the resource asks for that; v2 names (`azp`,
 * `preferred_username`) are read, too.
 *
 * @returns null when the text is no JWT
 * Source: Microsoft's "Access token claims reference".
 */
export function readTokenFacts(accessToken: string): StoredTokenFacts | null {
  const claims = decode(accessToken);
  if (claims === null) return null;
  const audience = Array.isArray(claims.aud) ? claims.aud[0] : claims.aud;
  return {
    audience: textOf(audience),
    tenantId: textOf(claims.tid),
    clientId: textOf(claims.appid) ?? textOf(claims.azp),
    user: textOf(claims.upn) ?? textOf(claims.preferred_username) ?? textOf(claims.unique_name),
    objectId: textOf(claims.oid),
    scopes: textOf(claims.scp)?.split(' ').filter(Boolean) ?? [],
    roles: Array.isArray(claims.roles) ? claims.roles.filter((role) => typeof role === 'string') : [],
    tokenVersion: textOf(claims.ver),
    issuedAt: timeOf(claims.iat),
    expiresAt: timeOf(claims.exp),
  };
}

function decode(accessToken: string): JWTPayload | null {
  try {
    return decodeJwt(accessToken);
  } catch (error) {
    if (error instanceof errors.JWTInvalid) return null;
    throw error;
  }
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

/** NumericDate (RFC 7519 §2), in seconds. */
function timeOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value * millisecondsPerSecond : null;
}
