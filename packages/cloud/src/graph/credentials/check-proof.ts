import { X509Certificate } from 'node:crypto';
import { wellKnownIds } from '@latchkey/microsoft';
import type { KeyCredential } from '../../directory/application-document.ts';
import { millisecondsPerSecond } from '../../ground/durations.ts';
import { isSignedBySync } from '../../jwt/is-signed-by.ts';
import { type Jwt, readJwt } from '../../jwt/read-jwt.ts';
import { accessDenied, GraphError } from '../errors/graph-error.ts';

/** Clocks of client and service may differ by this much. */
const clockSkewSeconds = 300;
const longestLifeSeconds = 600;
/** The service that keys were rolled at before Microsoft Graph did it. */
const audience = wellKnownIds.azureAdGraph;

/**
 * Checks that the caller holds a key that the object has already: a JWT signed by it, issued by the object itself for
 * the directory, and alive for ten minutes at most ("Generate proof of possession tokens for rolling keys").
 *
 * @param id the object's own, which the token names as its issuer
 * @param now epoch milliseconds
 * @throws GraphError 403 without a proof, 401 `Authentication_MissingOrMalformed` for one that proves nothing
 */
export function checkProof(
  proof: unknown,
  { id, keys, now }: { id: string; keys: readonly KeyCredential[]; now: number },
): void {
  if (proof === undefined || proof === null || proof === '') throw accessDenied();
  const jwt = typeof proof === 'string' ? readJwt(proof) : undefined;
  if (!jwt || !isOf(jwt, id) || !isInTime(jwt, now / millisecondsPerSecond)) throw malformed();
  const living = keys.filter(
    ({ startDateTime, endDateTime }) => Date.parse(startDateTime) <= now && now < Date.parse(endDateTime),
  );
  const publicKeys = living.map(({ key }) => new X509Certificate(Buffer.from(key, 'base64')).publicKey);
  if (!isSignedBySync(jwt, publicKeys, ['RS256', 'PS256'])) throw malformed();
}

function isOf({ claims: { aud, iss } }: Jwt, id: string): boolean {
  return aud === audience && typeof iss === 'string' && iss.toLowerCase() === id;
}

function isInTime({ claims: { nbf, exp } }: Jwt, now: number): boolean {
  if (typeof nbf !== 'number' || typeof exp !== 'number') return false;
  const isAlive = nbf - clockSkewSeconds <= now && now < exp + clockSkewSeconds;
  return isAlive && exp - nbf <= longestLifeSeconds;
}

function malformed(): GraphError {
  return new GraphError(401, 'Authentication_MissingOrMalformed', 'Access Token missing or malformed.');
}
