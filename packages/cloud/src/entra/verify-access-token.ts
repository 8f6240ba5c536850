import { verify } from 'node:crypto';
import type { CloudContext } from '../cloud-context.ts';
import { tokenIssuers } from './tenants/token-issuers.ts';

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

const millisecondsPerSecond = 1000;
/** Clocks of caller and resource may differ by this much. */
const clockSkewSeconds = 300;

/**
 * Checks what every resource checks of a bearer token: key, signature, issuer and life. The audience, the
 * tenant and the permissions are the resource's own business.
 */
export function verifyAccessToken(
  { signingKeys, addresses, clock }: Pick<CloudContext, 'signingKeys' | 'addresses' | 'clock'>,
  token: string | undefined,
): AccessTokenVerdict {
  if (!token) return { valid: false, reason: 'empty' };
  const [head, payload, signature, ...rest] = token.split('.');
  if (!head || !payload || !signature || rest.length > 0) return { valid: false, reason: 'malformed' };
  const header = decode(head);
  const claims = decode(payload);
  if (!header || !claims || header.alg !== 'RS256' || !isAccessTokenClaims(claims)) {
    return { valid: false, reason: 'malformed' };
  }
  const key = signingKeys.all.find((candidate) => candidate.kid === header.kid);
  if (!key) return { valid: false, reason: 'unknown_key' };
  const input = Buffer.from(`${head}.${payload}`);
  if (!verify('RSA-SHA256', input, key.publicKey, Buffer.from(signature, 'base64url'))) {
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

function decode(part: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return isRecord(value) ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isAccessTokenClaims(
  claims: Record<string, unknown>,
): claims is Record<string, unknown> & AccessTokenClaims {
  return (
    ['aud', 'iss', 'tid', 'oid', 'sub', 'ver'].every((name) => typeof claims[name] === 'string') &&
    ['iat', 'nbf', 'exp'].every((name) => typeof claims[name] === 'number')
  );
}
