import { decodeJwt, errors, type JWTPayload } from 'jose';
import { z } from 'zod';
import { readNumericDate, readText, readTime } from '../ground/outside-values.ts';

const timeSchema = z.number().nullable().transform(readTime);

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
  issuedAt: timeSchema,
  expiresAt: timeSchema,
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
    audience: readText(audience),
    tenantId: readText(claims.tid),
    clientId: readText(claims.appid) ?? readText(claims.azp),
    user: readText(claims.upn) ?? readText(claims.preferred_username) ?? readText(claims.unique_name),
    objectId: readText(claims.oid),
    scopes: readText(claims.scp)?.split(' ').filter(Boolean) ?? [],
    roles: Array.isArray(claims.roles) ? claims.roles.map(readText).filter((role) => role !== null) : [],
    tokenVersion: readText(claims.ver),
    issuedAt: readNumericDate(claims.iat),
    expiresAt: readNumericDate(claims.exp),
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
