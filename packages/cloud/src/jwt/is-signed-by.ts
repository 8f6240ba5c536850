import { constants, type KeyObject, verify } from 'node:crypto';
import type { Jwt } from './read-jwt.ts';

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

const paddings: Readonly<Record<AssertionAlgorithm, { padding: number; saltLength?: number }>> = {
  RS256: { padding: constants.RSA_PKCS1_PADDING },
  PS256: { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST },
};

/** The same at once, by Node's own `verify`, where nothing may wait. */
export function isSignedBySync(
  { header, signedText, signature }: Jwt,
  keys: readonly KeyObject[],
  algorithms: readonly AssertionAlgorithm[],
): boolean {
  const algorithm = algorithms.find((candidate) => candidate === header.alg);
  if (algorithm === undefined) return false;
  return keys
    .filter(isRsaKey)
    .some((key) => verify('RSA-SHA256', signedText, { key, ...paddings[algorithm] }, signature));
}

function isRsaKey({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): boolean {
  return asymmetricKeyType === 'rsa' && (asymmetricKeyDetails?.modulusLength ?? 0) >= leastModulusBits;
}
