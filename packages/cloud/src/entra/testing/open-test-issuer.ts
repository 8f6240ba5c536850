import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An OpenID issuer outside the cloud, on a port of its own, as a CI system or a cluster is one. */
export interface TestIssuer {
  /** Its name in tokens. */
  issuer: string;
  /** How often its keys were fetched. */
  keyFetches(): number;
  /** Takes another key from now on and publishes that one alone. */
  rotateKey(): void;
  /** Answers all that is asked in another way, as a broken issuer does. */
  answerBy(handler: (request: IncomingMessage, response: ServerResponse) => void): void;
  /** A token of it; what is changed makes it wrong. */
  sign(claims: object, header?: Record<string, unknown>): string;
  /** Its JSON Web Key Set. */
  jwks(): { keys: Record<string, unknown>[] };
  close(): Promise<void>;
}

interface IssuerKeyPair {
  kid: string;
  privateKey: KeyObject;
  publicKey: KeyObject;
}

const modulusLength = 2048;

export async function openTestIssuer(): Promise<TestIssuer> {
  let pair = makeKeyPair();
  let fetches = 0;
  const jwks = () => ({
    keys: [{ ...pair.publicKey.export({ format: 'jwk' }), kid: pair.kid, use: 'sig', alg: 'RS256' }],
  });
  let handler = (request: IncomingMessage, response: ServerResponse): void => {
    const isKeySet = request.url === '/keys';
    if (isKeySet) fetches += 1;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(isKeySet ? jwks() : { issuer, jwks_uri: `${issuer}/keys` }));
  };
  const server = http.createServer((request, response) => handler(request, response));
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a server that listens on a port has such an address
  const issuer = `http://localhost:${(server.address() as AddressInfo).port}`;
  return {
    issuer,
    keyFetches: () => fetches,
    rotateKey: () => {
      pair = makeKeyPair();
    },
    answerBy: (other) => {
      handler = other;
    },
    sign: (claims, header = {}) => signToken(pair, claims, header),
    jwks,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

function makeKeyPair(): IssuerKeyPair {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength });
  const der = publicKey.export({ type: 'spki', format: 'der' });
  return { kid: createHash('sha256').update(der).digest('base64url'), privateKey, publicKey };
}

function signToken({ kid, privateKey }: IssuerKeyPair, claims: object, header: object): string {
  const text = [{ typ: 'JWT', alg: 'RS256', kid, ...header }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  return `${text}.${sign('RSA-SHA256', Buffer.from(text), privateKey).toString('base64url')}`;
}
