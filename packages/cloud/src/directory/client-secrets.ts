import { hash as digestOf, randomInt, randomUUID, timingSafeEqual } from 'node:crypto';
import { changesRow, type Directory, selectAll } from './open-directory.ts';

/** A client secret as it may be shown: everything but its value. */
export interface ClientSecret {
  keyId: string;
  displayName: string | null;
  /** The first three characters. */
  hint: string;
  startAt: number;
  endAt: number;
}

interface ClientSecretRow {
  key_id: string;
  display_name: string | null;
  hint: string;
  hash: string;
  start_at: number;
  end_at: number;
}

const secretLength = 40;
const hintLength = 3;
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789~._-';

/** What a secret is to be called, and how long it lives. */
export type ClientSecretWish = Pick<ClientSecret, 'displayName' | 'startAt' | 'endAt'>;

/** A secret as it is kept. */
export interface StoredClientSecret extends ClientSecret {
  /** See `secretDigest`. */
  hash: string;
}

/** Makes a secret; its text is returned here once and only its hash is kept. */
export function addClientSecret(
  directory: Directory,
  applicationId: string,
  wish: ClientSecretWish,
): ClientSecret & { secretText: string } {
  const { stored, secretText } = makeClientSecret(wish);
  storeClientSecret(directory, applicationId, stored);
  const { hash: _hash, ...secret } = stored;
  return { ...secret, secretText };
}

/** Draws a secret's text; what is stored does not hold it. */
export function makeClientSecret(wish: ClientSecretWish): { stored: StoredClientSecret; secretText: string } {
  const secretText = Array.from({ length: secretLength }, () => alphabet[randomInt(alphabet.length)]).join(
    '',
  );
  const hint = secretText.slice(0, hintLength);
  return { stored: { keyId: randomUUID(), hint, hash: secretDigest(secretText), ...wish }, secretText };
}

export function storeClientSecret(
  directory: Directory,
  applicationId: string,
  { keyId, displayName, hint, hash, startAt, endAt }: StoredClientSecret,
): void {
  directory
    .prepare(
      `INSERT INTO client_secrets (key_id, application_id, display_name, hint, hash, start_at, end_at)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(keyId, applicationId, displayName, hint, hash, startAt, endAt);
}

/** Secrets with their digests, the newest first. */
export function listStoredSecrets(directory: Directory, applicationId: string): StoredClientSecret[] {
  return secretRows(directory, applicationId).map((row) => ({ ...toClientSecret(row), hash: row.hash }));
}

/** Returns whether there was such a secret. */
export function removeClientSecret(directory: Directory, applicationId: string, keyId: string): boolean {
  const sql = 'DELETE FROM client_secrets WHERE application_id = ? AND key_id = ?';
  return changesRow(directory, sql, applicationId, keyId.toLowerCase());
}

/** Secrets as they may be shown, the newest first. */
export function listClientSecrets(directory: Directory, applicationId: string): ClientSecret[] {
  return secretRows(directory, applicationId).map(toClientSecret);
}

export type ClientSecretVerdict =
  | { accepted: true; keyId: string }
  /** AADSTS7000215 and AADSTS7000222. */
  | { accepted: false; reason: 'unknown' | 'expired'; keyId?: string };

/**
 * Any living secret of the application is good, so that old and new overlap during a rotation.
 *
 * @param secrets the application's, if they were read before
 */
export function checkClientSecret(
  directory: Directory,
  applicationId: string,
  secretText: string,
  secrets: readonly StoredClientSecret[] = listStoredSecrets(directory, applicationId),
): ClientSecretVerdict {
  const digest = Buffer.from(secretDigest(secretText));
  const now = directory.clock.now();
  let expiredKeyId: string | undefined;
  for (const secret of secrets) {
    if (!timingSafeEqual(Buffer.from(secret.hash), digest)) continue;
    if (secret.startAt > now) continue;
    if (secret.endAt > now) return { accepted: true, keyId: secret.keyId };
    expiredKeyId = secret.keyId;
  }
  return expiredKeyId
    ? { accepted: false, reason: 'expired', keyId: expiredKeyId }
    : { accepted: false, reason: 'unknown' };
}

function secretRows(directory: Directory, applicationId: string): ClientSecretRow[] {
  return selectAll<ClientSecretRow>(
    directory,
    'SELECT * FROM client_secrets WHERE application_id = ? ORDER BY rowid DESC',
    applicationId,
  );
}

function toClientSecret(row: ClientSecretRow): ClientSecret {
  return {
    keyId: row.key_id,
    displayName: row.display_name,
    hint: row.hint,
    startAt: row.start_at,
    endAt: row.end_at,
  };
}

/** The secret is random and long, so a plain digest can't be guessed and costs the token endpoint nothing. */
export function secretDigest(secretText: string): string {
  return digestOf('sha256', secretText, 'base64url');
}
