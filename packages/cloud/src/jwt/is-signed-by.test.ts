import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { type CompactJWSHeaderParameters, CompactSign } from 'jose';
import { expect, it } from 'vitest';
import { isSignedBy } from './is-signed-by.ts';

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const another = generateKeyPairSync('rsa', { modulusLength: 2048 });
const claims = new TextEncoder().encode('{"iss":"a"}');

function signedBy(key: KeyObject, header: CompactJWSHeaderParameters): Promise<string> {
  return new CompactSign(claims).setProtectedHeader(header).sign(key);
}

it.each(['RS256', 'PS256'] as const)('takes %s by any of the keys', async (alg) => {
  const jwt = await signedBy(rsa.privateKey, { alg });
  expect(await isSignedBy(jwt, [another.publicKey, rsa.publicKey], ['RS256', 'PS256'])).toBe(true);
});

it('refuses what another key signed, and what nothing is held against', async () => {
  const jwt = await signedBy(rsa.privateKey, { alg: 'RS256' });
  expect(await isSignedBy(jwt, [another.publicKey], ['RS256'])).toBe(false);
  expect(await isSignedBy(jwt, [], ['RS256'])).toBe(false);
});

it('refuses an algorithm that is not among those asked for', async () => {
  expect(await isSignedBy(await signedBy(rsa.privateKey, { alg: 'PS256' }), [rsa.publicKey], ['RS256'])).toBe(
    false,
  );
  const unsigned = `${encode({ alg: 'none' })}.${encode({ iss: 'a' })}.`;
  expect(await isSignedBy(unsigned, [rsa.publicKey], ['RS256', 'PS256'])).toBe(false);
});

it('refuses what demands an extension that nobody here knows (RFC 7515 §4.1.11)', async () => {
  const header = { alg: 'RS256', crit: ['x'], x: 1 };
  const jwt = await new CompactSign(claims)
    .setProtectedHeader(header)
    .sign(rsa.privateKey, { crit: { x: true } });
  expect(await isSignedBy(jwt, [rsa.publicKey], ['RS256'])).toBe(false);
});

it('passes over keys that are not RSA or too small', async () => {
  const small = generateKeyPairSync('rsa', { modulusLength: 1024 });
  const curve = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const text = `${encode({ alg: 'RS256' })}.${encode({ iss: 'a' })}`;
  const signature = sign('RSA-SHA256', Buffer.from(text), small.privateKey).toString('base64url');
  expect(await isSignedBy(`${text}.${signature}`, [curve.publicKey, small.publicKey], ['RS256'])).toBe(false);
});

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
