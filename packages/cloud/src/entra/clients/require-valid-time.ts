import { aadsts } from '@latchkey/microsoft';
import { millisecondsPerSecond } from '../../ground/durations.ts';
import type { Jwt } from '../../jwt/read-jwt.ts';
import { EntraError } from '../errors/entra-error.ts';

/** Clocks of client and service may differ by this much. */
export const clockSkewSeconds = 300;

/**
 * Checks that an assertion has begun and not ended (RFC 7523 §3). How long it lives is not limited, as Microsoft
 * documents ("certificate credentials").
 *
 * @param now epoch milliseconds
 * @returns its end, in epoch seconds
 * @throws EntraError 700024, also when it has no end
 */
export function requireValidTime({ claims: { exp, nbf } }: Jwt, now: number): number {
  const seconds = now / millisecondsPerSecond;
  const hasBegun = nbf === undefined || (typeof nbf === 'number' && nbf - clockSkewSeconds <= seconds);
  if (hasBegun && typeof exp === 'number' && exp + clockSkewSeconds > seconds) return exp;
  throw new EntraError(aadsts.assertionOutsideValidTime, {
    now: new Date(now).toISOString(),
    from: describeTime(nbf ?? 0),
    to: describeTime(exp),
  });
}

function describeTime(seconds: unknown): string {
  const time = new Date(typeof seconds === 'number' ? seconds * millisecondsPerSecond : Number.NaN);
  return Number.isNaN(time.getTime()) ? 'none' : time.toISOString();
}
