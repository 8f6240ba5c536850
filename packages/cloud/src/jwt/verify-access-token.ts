import { verify } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { millisecondsPerSecond } from '../ground/durations.ts';
import type { ServiceOrigins } from '../service-origins.ts';
import { readJwt } from './read-jwt.ts';
import type { SigningKeys } from './signing-keys.ts';
import { tokenIssuers } from './token-issuers.ts';

/** What checking an access token takes: the keys that signed, the addresses that issue, and the time. */
export interface AccessTokenContext {
  signingKeys: SigningKeys;
  addresses: { entra: ServiceOrigins };
  clock: Clock;
}

/** The claims of an access token that resources look at; v1 tokens carry `appid`, v2 tokens `azp`. */
export interface AccessTokenClaims {
  aud: string;
  iss: string;
  /** Epoch seconds. */
  iat: number;
  nbf: number;
  exp: number;
  tid: string;
  oid: string;
  sub: string;
  ver: '1.0' | '2.0';
  appid?: string;
  azp?: string;
  upn?: string;
  /** Space-separated; delegated tokens only. */
  scp?: string;
  roles?: string[];
  aio?: string;
}

export type AccessTokenVerdict =
  | { valid: true; claims: AccessTokenClaims }
  | {
      valid: false;
      reason:
        | 'empty'
        | 'malformed'
        | 'unknown_key'
        | 'bad_signature'
        | 'unknown_issuer'
        | 'expired'
        | 'not_yet_valid';
    };

/** Clocks of caller and resource may differ by this much. */
const clockSkewSeconds = 300;

/**
 * Checks what every resource checks of a bearer token: key, signature, issuer and life. The audience, the
 * tenant and the permissions are the resource's own business. It is done at once, by Node's own `verify`: every call of
 * an API waits for it, and the check of `jose` takes more than three times as long.
 */
export function verifyAccessToken(
  { signingKeys, addresses, clock }: AccessTokenContext,
  token: string | undefined,
): AccessTokenVerdict {
  if (!token) return { valid: false, reason: 'empty' };
  const jwt = readJwt(token);
  if (jwt?.header.alg !== 'RS256' || !isAccessTokenClaims(jwt.claims)) {
    return { valid: false, reason: 'malformed' };
  }
  const { header, claims, signedText, signature } = jwt;
  const key = signingKeys.all.find((candidate) => candidate.kid === header.kid);
  if (!key) return { valid: false, reason: 'unknown_key' };
  if (!verify('RSA-SHA256', signedText, key.publicKey, signature)) {
    return { valid: false, reason: 'bad_signature' };
  }
  if (!tokenIssuers(addresses.entra, claims.tid).includes(claims.iss)) {
    return { valid: false, reason: 'unknown_issuer' };
  }
  const now = clock.now() / millisecondsPerSecond;
  if (claims.nbf > now + clockSkewSeconds) return { valid: false, reason: 'not_yet_valid' };
  if (claims.exp <= now) return { valid: false, reason: 'expired' };
  return { valid: true, claims };
}

function isAccessTokenClaims(
  claims: Readonly<Record<string, unknown>>,
): claims is Readonly<Record<string, unknown>> & AccessTokenClaims {
  return (
    ['aud', 'iss', 'tid', 'oid', 'sub', 'ver'].every((name) => typeof claims[name] === 'string') &&
    ['iat', 'nbf', 'exp'].every((name) => typeof claims[name] === 'number')
  );
}
