import { generateKeyPair, randomUUID, sign } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { listen } from './listen.ts';
import { announceReady } from './serve.ts';

/** The bare limit of issuing tokens in Node: read the form, sign on the thread pool, answer. */
const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
const header = encode({ typ: 'JWT', alg: 'RS256', kid: randomUUID(), x5t: randomUUID() });
const lifeSeconds = 3600;

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const form = new URLSearchParams(await text(request));
  const now = Math.floor(Date.now() / 1000);
  const clientId = form.get('client_id');
  const claims = {
    aud: form.get('scope')?.replace('/.default', ''),
    iss: `https://sts.windows.net/${clientId}/`,
    iat: now,
    nbf: now,
    exp: now + lifeSeconds,
    appid: clientId,
    appidacr: '1',
    idp: `https://sts.windows.net/${clientId}/`,
    oid: clientId,
    sub: clientId,
    tid: clientId,
    uti: clientId,
    ver: '1.0',
  };
  const input = `${header}.${encode(claims)}`;
  sign('RSA-SHA256', Buffer.from(input), privateKey, (error, signature) => {
    if (error) throw error;
    const body = JSON.stringify({
      token_type: 'Bearer',
      expires_in: lifeSeconds,
      ext_expires_in: lifeSeconds,
      access_token: `${input}.${signature.toString('base64url')}`,
    });
    response.writeHead(200, {
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
    });
    response.end(body);
  });
}

announceReady({ origin: await listen((request, response) => void answer(request, response)) });
