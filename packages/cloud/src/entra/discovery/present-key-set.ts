import type { SigningKeys } from '../../jwt/signing-keys.ts';

/** A JSON Web Key Set (RFC 7517 §5); only the v2 set names the issuer of each key. */
export function presentKeySet(signingKeys: SigningKeys, issuer?: string): object {
  return {
    keys: signingKeys.all.map((key) => ({
      kty: 'RSA',
      use: 'sig',
      kid: key.kid,
      x5t: key.kid,
      n: key.modulus,
      e: 'AQAB',
      x5c: [key.certificate],
      ...(issuer !== undefined && { issuer }),
    })),
  };
}
