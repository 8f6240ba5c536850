import { generateKeyPair, randomBytes, randomUUID, sign } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { listen } from './listen.ts';
import { announceReady } from './serve.ts';

/**
 * The bare limit of a sign-in in Node: a redirect with a code, and token answers with two signed tokens each. It
 * checks nothing and keeps nothing.
 */
const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
const signOnThreads = promisify<string, Buffer, typeof privateKey, Buffer>(sign);
const header = encode({ typ: 'JWT', alg: 'RS256', kid: randomUUID() });
const lifeSeconds = 3600;

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

async function signToken(audience: string): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  const id = randomUUID();
  const claims = { aud: audience, iat: now, nbf: now, exp: now + lifeSeconds, oid: id, sub: id, tid: id };
  const input = `${header}.${encode(claims)}`;
  const signature = await signOnThreads('RSA-SHA256', Buffer.from(input), privateKey);
  return `${input}.${signature.toString('base64url')}`;
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method === 'GET') {
    const asked = new URL(request.url ?? '/', 'http://localhost').searchParams;
    const target = new URL(asked.get('redirect_uri') ?? '');
    target.searchParams.set('code', randomBytes(32).toString('base64url'));
    response.writeHead(302, { location: target.href }).end();
    return;
  }
  const form = new URLSearchParams(await text(request));
  const [accessToken, idToken] = await Promise.all([
    signToken(form.get('scope') ?? ''),
    signToken(form.get('client_id') ?? ''),
  ]);
  const body = JSON.stringify({
    token_type: 'Bearer',
    expires_in: lifeSeconds,
    access_token: accessToken,
    refresh_token: randomBytes(32).toString('base64url'),
    id_token: idToken,
  });
  response.writeHead(200, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' });
  response.end(body);
}

announceReady({ origin: await listen((request, response) => void answer(request, response)) });
