import 'reflect-metadata';
import {
  constants,
  createPrivateKey,
  generateKeyPairSync,
  type KeyObject,
  privateDecrypt,
  publicEncrypt,
  randomBytes,
  webcrypto,
} from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import { text } from 'node:stream/consumers';
import {
  BasicConstraintsExtension,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';
import { z } from 'zod';

const vaultHost = 'contoso.vault.azure.net';
/** Has its certificate as well, and is no vault of Microsoft's. */
const strangeHost = 'evil.example';
const oneDay = 24 * 60 * 60 * 1000;
const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const rsa = { modulusLength: 2048 };
const operation = z.object({ alg: z.literal('RSA-OAEP-256'), value: z.string().regex(/^[\w-]+$/) });

/** A refusal as Key Vault writes it ("Key Vault REST API error codes"). */
interface KeyVaultRefusal {
  status: number;
  code: string;
  message: string;
  inner?: string;
  headers?: Record<string, string>;
}

interface KeyVersion {
  privateKey: KeyObject;
  publicKey: KeyObject;
}

/** A key vault on a port of the loopback, with one RSA key. It plays by the contract of the REST API. */
export interface TestKeyVault {
  /** The address of its key, without a version, at the host that a proxy has to lead to the port. */
  keyAddress: string;
  port: number;
  /** PEM of its certificate, which signs itself. */
  certificate: string;
  /** `POST /keys/…` and so on, with who asked. */
  requests: { line: string; token: string | null }[];
  /** What it answers in place of the next requests that show a token, in order; null answers as usual. */
  refusals: (KeyVaultRefusal | 'nonsense' | 'silence' | null)[];
  /** Makes a version that is current from then on. @returns its address */
  rotate(): string;
  /** The key in another one's place: what the old one has wrapped is lost. */
  replaceKey(): void;
  /** Whether a token is let in; any, unless a test says otherwise. */
  accepts: (token: string) => boolean | Promise<boolean>;
  close(): Promise<void>;
}

export async function serveKeyVault(name = 'latchkey'): Promise<TestKeyVault> {
  const versions = new Map<string, KeyVersion>();
  const { certificate, privateKey } = await makeCertificate();
  const origin = `https://${vaultHost}`;

  const vault: Omit<TestKeyVault, 'port' | 'close'> = {
    keyAddress: `${origin}/keys/${name}`,
    certificate,
    requests: [],
    refusals: [],
    accepts: () => true,
    rotate() {
      const version = randomBytes(16).toString('hex');
      versions.set(version, generateKeyPairSync('rsa', rsa));
      return `${origin}/keys/${name}/${version}`;
    },
    replaceKey() {
      for (const version of versions.keys()) versions.set(version, generateKeyPairSync('rsa', rsa));
    },
  };
  vault.rotate();

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request);
    const url = new URL(request.url ?? '', origin);
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? null;
    vault.requests.push({ line: `${request.method} ${url.pathname}`, token });
    if (token === null || !(await vault.accepts(token))) {
      response.setHeader(
        'www-authenticate',
        'Bearer authorization="https://login.microsoftonline.com/contoso.onmicrosoft.com", resource="https://vault.azure.net"',
      );
      refuse(response, {
        status: 401,
        code: 'Unauthorized',
        message: 'AKV10000: Request is missing a Bearer token.',
      });
      return;
    }
    const refusal = vault.refusals.shift() ?? null;
    if (refusal === 'silence') return;
    if (refusal === 'nonsense') {
      response.writeHead(200, { 'content-type': 'text/html' }).end(`<html>${body}</html>`);
      return;
    }
    if (refusal !== null) {
      refuse(response, refusal);
      return;
    }
    answerAsUsual(`${request.method} ${url.pathname}`, { url, body, response });
  }

  function answerAsUsual(
    line: string,
    { url, body, response }: { url: URL; body: string; response: ServerResponse },
  ): void {
    if (!/^\d{4}-\d\d-\d\d(-preview)?$|^\d\.\d/.test(url.searchParams.get('api-version') ?? '')) {
      refuse(response, { status: 400, code: 'BadParameter', message: 'api-version must be specified' });
      return;
    }
    const [, method, named, asked = '', verb = null] =
      /^(GET|POST) \/keys\/([^/]+)(?:\/([\da-f]{32})?)?(?:\/(wrapkey|unwrapkey))?$/.exec(line) ?? [];
    const version = asked === '' ? ([...versions.keys()].at(-1) ?? '') : asked;
    const key = named === name ? versions.get(version) : undefined;
    if (!key) {
      refuse(response, {
        status: 404,
        code: 'KeyNotFound',
        message: `A key with (name/id) ${named} was not found`,
      });
      return;
    }
    const kid = `${origin}/keys/${name}/${version}`;
    if (method === 'GET') {
      const { n, e } = key.publicKey.export({ format: 'jwk' });
      const key_ops = ['wrapKey', 'unwrapKey'];
      send(response, { key: { kid, kty: 'RSA', key_ops, n, e }, attributes: { enabled: true } });
      return;
    }
    const read = operation.safeParse(JSON.parse(body));
    if (!read.success) {
      refuse(response, { status: 400, code: 'BadParameter', message: 'Property has invalid value' });
      return;
    }
    const value = Buffer.from(read.data.value, 'base64url');
    const padding = { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' };
    try {
      const result =
        verb === 'wrapkey'
          ? publicEncrypt({ key: key.publicKey, ...padding }, value)
          : privateDecrypt({ key: key.privateKey, ...padding }, value);
      send(response, { kid, value: result.toString('base64url') });
    } catch {
      refuse(response, { status: 400, code: 'BadParameter', message: 'The parameter is incorrect.' });
    }
  }

  const server = createServer({ cert: certificate, key: privateKey }, (request, response) => {
    void answer(request, response);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The vault has no port.');
  return Object.assign(vault, {
    port: address.port,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  });
}

function send(response: ServerResponse, body: object, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(body));
}

function refuse(
  response: ServerResponse,
  { status, code, message, inner, headers = {} }: KeyVaultRefusal,
): void {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  send(response, { error: { code, message, ...(inner && { innererror: { code: inner } }) } }, status);
}

async function makeCertificate(): Promise<{ certificate: string; privateKey: string }> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const made = await X509CertificateGenerator.createSelfSigned(
    {
      name: `CN=${vaultHost}`,
      keys,
      notBefore: new Date(Date.now() - oneDay),
      notAfter: new Date(Date.now() + oneDay),
      signingAlgorithm: algorithm,
      extensions: [
        new BasicConstraintsExtension(true),
        new SubjectAlternativeNameExtension(
          [vaultHost, strangeHost].map((value) => ({ type: 'dns', value })),
        ),
      ],
    },
    webcrypto,
  );
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey));
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  return {
    certificate: made.toString('pem'),
    privateKey: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
  };
}
