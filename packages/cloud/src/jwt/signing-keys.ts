import { createHash, createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { type Directory, selectAll } from '../directory/open-directory.ts';
import type { MadeSigningKey } from './make-signing-key.ts';

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

/** Tokens live a day at most, whatever the policy. */
const longestTokenMilliseconds = 86_400_000;

interface KeyRow {
  kid: string;
  private_key: string;
  certificate: string;
  created_at: number;
}

let madeForMemory: Promise<MadeSigningKey> | undefined;

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
  if (storedKeys(directory).length === 0) {
    if (file === ':memory:') madeForMemory ??= makeKey();
    storeKey(directory, await (file === ':memory:' && madeForMemory ? madeForMemory : makeKey()));
  }
  return readKeys(directory);
}

/**
 * Makes a new key the one that signs, in the keys that the services hold. The one before stays published until no
 * token that it signed can be alive.
 */
export async function rotateSigningKeys(directory: Directory, signingKeys: SigningKeys): Promise<void> {
  storeKey(directory, await makeKey());
  Object.assign(signingKeys, readKeys(directory));
}

/** The newest signs; those that were replaced longer ago than a token lives are dropped. */
function readKeys(directory: Directory): SigningKeys {
  const rows = storedKeys(directory);
  const oldest = directory.clock.now() - longestTokenMilliseconds;
  const published = rows.filter((_row, index) => (rows[index - 1]?.created_at ?? oldest) >= oldest);
  for (const { kid } of rows.slice(published.length)) {
    directory.prepare('DELETE FROM signing_keys WHERE kid = ?').run(kid);
  }
  const [current, ...older] = published.map(toSigningKey);
  if (!current) throw new Error('The directory holds no signing key right after one was stored.');
  return { current, all: [current, ...older] };
}

function storeKey(directory: Directory, { privateKey, certificate }: MadeSigningKey): void {
  directory
    .prepare('INSERT INTO signing_keys (kid, private_key, certificate, created_at) VALUES (?, ?, ?, ?)')
    .run(thumbprint(certificate), privateKey, certificate, directory.clock.now());
}

function storedKeys(directory: Directory): KeyRow[] {
  return selectAll<KeyRow>(directory, 'SELECT * FROM signing_keys ORDER BY created_at DESC, rowid DESC');
}

/** Certificates take a large library, which a start with keys on disk does without. */
async function makeKey(): Promise<MadeSigningKey> {
  const { makeSigningKey } = await import('./make-signing-key.ts');
  return makeSigningKey();
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
