import type { KeyObject } from 'node:crypto';

/** The algorithms that an assertion may be signed by; `none` is no algorithm. */
export type AssertionAlgorithm = 'RS256' | 'PS256';

/** RFC 7518 §3.3: smaller RSA keys are not used. */
const leastModulusBits = 2048;

/**
 * Whether one of these keys signed a JWT by one of these algorithms. The library is loaded with the first assertion:
 * who proves themselves by a secret does without.
 */
export async function isSignedBy(
  jwt: string,
  keys: readonly KeyObject[],
  algorithms: readonly AssertionAlgorithm[],
): Promise<boolean> {
  const { compactVerify, errors } = await import('jose');
  for (const key of keys.filter(isRsaKey)) {
    try {
      await compactVerify(jwt, key, { algorithms: [...algorithms] });
      return true;
    } catch (error) {
      if (!(error instanceof errors.JOSEError)) throw error;
    }
  }
  return false;
}

function isRsaKey({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): boolean {
  return asymmetricKeyType === 'rsa' && (asymmetricKeyDetails?.modulusLength ?? 0) >= leastModulusBits;
}
