import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';

/** A key that an issuer of federated assertions signs with. */
export interface IssuerKey {
  kid: string | undefined;
  publicKey: KeyObject;
}

/** The keys of an issuer, or why there are none: the end of a sentence that begins with the issuer. */
export type IssuerKeys = { found: true; keys: readonly IssuerKey[] } | { found: false; reason: string };

/** Reads a JSON Web Key Set (RFC 7517 §5); keys that are not RSA or can't be read are passed over, as §5 asks. */
export function readKeySet(jwks: { keys: readonly unknown[] }): IssuerKey[] {
  return jwks.keys.flatMap((jwk) => {
    if (!isRsaKey(jwk)) return [];
    const publicKey = readPublicKey(jwk);
    return publicKey ? [{ kid: typeof jwk.kid === 'string' ? jwk.kid : undefined, publicKey }] : [];
  });
}

/** The keys that may have signed an assertion: those of its `kid`, and all where it names none. */
export function keysNamed(keys: readonly IssuerKey[], kid: unknown): readonly IssuerKey[] {
  return kid === undefined ? keys : keys.filter((key) => key.kid === kid);
}

function isRsaKey(jwk: unknown): jwk is JsonWebKey {
  return typeof jwk === 'object' && jwk !== null && 'kty' in jwk && jwk.kty === 'RSA';
}

function readPublicKey(jwk: JsonWebKey): KeyObject | undefined {
  try {
    return createPublicKey({ key: jwk, format: 'jwk' });
  } catch (error) {
    // What Node says of a key without modulus, or with one that is no number.
    if (error instanceof Error && 'code' in error) return undefined;
    throw error;
  }
}
