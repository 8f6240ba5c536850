import { decodeJwt, errors, type JWTPayload } from 'jose';

/** What an access token says about itself. Times are epoch milliseconds. Never holds the token. */
export interface StoredTokenFacts {
  audience: string | null;
  tenantId: string | null;
  clientId: string | null;
  /** UPN, where a person signed in. */
  user: string | null;
  objectId: string | null;
  scopes: string[];
  roles: string[];
  tokenVersion: string | null;
  issuedAt: number | null;
  expiresAt: number | null;
}

const millisecondsPerSecond = 1000;

/**
 * Decodes an access token without checking its signature: only the resource can check it, and only the CRM's answer
 * proves it. The facts catch the common mistakes (an id_token, a token for Microsoft Graph) before that.
 *
 * Dataverse tokens are shaped as v1 (`appid`, `upn`); v2 names (`azp`, `preferred_username`) are read, too.
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
