import { hash as digest, randomBytes, scryptSync, timingSafeEqual } from 'node:crypto';

// Development passwords, printed at every start: the cost only keeps them from lying about in clear.
const scryptOptions = { N: 1024, r: 8, p: 1 };
const hashBytes = 32;
const saltBytes = 16;

const mostRemembered = 1000;
const firstHashes = new Map<string, string>();

/** @returns salt and scrypt hash, as `passwordMatchesHash` takes them */
export function hashPassword(password: string): string {
  const salt = randomBytes(saltBytes);
  const hash = scryptSync(password, salt, hashBytes, scryptOptions);
  return `${salt.toString('base64url')}.${hash.toString('base64url')}`;
}

/**
 * The same for the password that a person is made with. A seed gives the same few to every cloud of a process, and
 * hashing one takes milliseconds, so it is done once for all. Passwords are remembered by their SHA-256.
 */
export function hashFirstPassword(password: string): string {
  const key = digest('sha256', password);
  const known = firstHashes.get(key);
  if (known !== undefined) return known;
  if (firstHashes.size >= mostRemembered) firstHashes.clear();
  const made = hashPassword(password);
  firstHashes.set(key, made);
  return made;
}

export function passwordMatchesHash(password: string, stored: string): boolean {
  const [salt, expected] = stored.split('.').map((part) => Buffer.from(part, 'base64url'));
  if (!salt || !expected) return false;
  return timingSafeEqual(scryptSync(password, salt, hashBytes, scryptOptions), expected);
}
