import 'reflect-metadata';
import { createHash, createPrivateKey, createPublicKey, type KeyObject, webcrypto } from 'node:crypto';
import { X509CertificateGenerator } from '@peculiar/x509';
import { type Directory, selectAll } from '../directory/open-directory.ts';

/** A key that signs tokens, with the certificate that the key sets publish. */
export interface SigningKey {
  /** base64url SHA-1 of the certificate: `kid` and `x5t` are the same value. */
  kid: string;
  privateKey: KeyObject;
  publicKey: KeyObject;
  /** Base64 DER, as in `x5c`. */
  certificate: string;
  /** RSA modulus, base64url, as in `n`. */
  modulus: string;
}

/** The key that signs now, and all keys that are still published. */
export interface SigningKeys {
  current: SigningKey;
  all: readonly SigningKey[];
}

const rsa = {
  name: 'RSASSA-PKCS1-v1_5',
  hash: 'SHA-256',
  modulusLength: 2048,
  publicExponent: new Uint8Array([1, 0, 1]),
};
const certificateYears = 5;

interface KeyRow {
  kid: string;
  private_key: string;
  certificate: string;
}

let generatedForMemory: Promise<Omit<KeyRow, 'kid'>> | undefined;

/**
 * Loads the signing keys of this directory, making the first one where there is none. Making one takes up to
 * a third of a second, so it is kept with the state; in-memory directories of one process share one key.
 */
export async function loadSigningKeys(
  directory: Directory,
  { file }: { file: string },
): Promise<SigningKeys> {
  directory.db.exec(
    'CREATE TABLE IF NOT EXISTS signing_keys (kid TEXT PRIMARY KEY, private_key TEXT NOT NULL, certificate TEXT NOT NULL, created_at INTEGER NOT NULL) STRICT',
  );
  let rows = storedKeys(directory);
  if (rows.length === 0) {
    if (file === ':memory:') generatedForMemory ??= generateKey();
    const generated = await (file === ':memory:' && generatedForMemory ? generatedForMemory : generateKey());
    directory
      .prepare('INSERT INTO signing_keys (kid, private_key, certificate, created_at) VALUES (?, ?, ?, ?)')
      .run(
        thumbprint(generated.certificate),
        generated.private_key,
        generated.certificate,
        directory.clock.now(),
      );
    rows = storedKeys(directory);
  }
  const [current, ...older] = rows.map(toSigningKey);
  if (!current) throw new Error('The directory holds no signing key right after one was stored.');
  return { current, all: [current, ...older] };
}

function storedKeys(directory: Directory): KeyRow[] {
  return selectAll<KeyRow>(directory, 'SELECT * FROM signing_keys ORDER BY created_at DESC, kid');
}

async function generateKey(): Promise<Omit<KeyRow, 'kid'>> {
  const keys = await webcrypto.subtle.generateKey(rsa, true, ['sign', 'verify']);
  const notBefore = new Date();
  const notAfter = new Date(notBefore);
  notAfter.setFullYear(notAfter.getFullYear() + certificateYears);
  const certificate = await X509CertificateGenerator.createSelfSigned(
    { name: 'CN=accounts.accesscontrol.windows.net', keys, notBefore, notAfter, signingAlgorithm: rsa },
    webcrypto,
  );
  const pkcs8 = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
  return {
    private_key: Buffer.from(pkcs8).toString('base64'),
    certificate: Buffer.from(certificate.rawData).toString('base64'),
  };
}

function toSigningKey(row: KeyRow): SigningKey {
  const privateKey = createPrivateKey({
    key: Buffer.from(row.private_key, 'base64'),
    format: 'der',
    type: 'pkcs8',
  });
  const publicKey = createPublicKey(privateKey);
  const { n } = publicKey.export({ format: 'jwk' });
  return { kid: row.kid, privateKey, publicKey, certificate: row.certificate, modulus: String(n) };
}

function thumbprint(certificate: string): string {
  return createHash('sha1').update(Buffer.from(certificate, 'base64')).digest('base64url');
}
