import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  randomBytes,
  randomUUID,
} from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { z } from 'zod';

const account = '111122223333';
const region = 'eu-central-1';
const clockMilliseconds = 5 * 60 * 1000;
const nonceBytes = 12;
const tagBytes = 16;
const context = z.record(z.string(), z.string());
const encryption = z.object({ KeyId: z.string(), Plaintext: z.base64(), EncryptionContext: context });
const decryption = z.object({ KeyId: z.string(), CiphertextBlob: z.base64(), EncryptionContext: context });

/** A refusal as AWS KMS writes it. */
interface KmsRefusal {
  type: string;
  message: string;
  status?: number;
}

/** AWS KMS on a port of the loopback: Encrypt and Decrypt over JSON 1.1, for whoever signs with its credentials (SigV4). */
export interface TestKms {
  /** For `AWS_ENDPOINT_URL_KMS`. */
  origin: string;
  /** Variables that AWS's own libraries take credentials, region and endpoint from. */
  environment: Record<string, string>;
  keyArn: string;
  /** `alias/latchkey`, which leads to the key. */
  alias: string;
  /** Targets and encryption contexts, of those that were let in. */
  requests: { target: string; keyId: string; context: unknown }[];
  /** What it answers in place of the next requests, in order; null answers as usual. */
  refusals: (KmsRefusal | 'nonsense' | 'silence' | null)[];
  /** What it was given to encrypt, in base64. */
  plaintexts: string[];
  /** Makes a key that the alias leads to from then on. @returns its ARN */
  moveAlias(): string;
  close(): Promise<void>;
}

export async function serveKms(): Promise<TestKms> {
  const keys = new Map<string, Buffer>();
  const secret = randomBytes(30).toString('base64');
  const accessKeyId = 'AKIAIOSFODNN7EXAMPLE';
  const alias = 'alias/latchkey';

  function makeKey(): string {
    const arn = `arn:aws:kms:${region}:${account}:key/${randomUUID()}`;
    keys.set(arn, randomBytes(32));
    return arn;
  }

  const keyArn = makeKey();
  let aliased = keyArn;
  const kms: Omit<TestKms, 'origin' | 'environment' | 'close'> = {
    keyArn,
    alias,
    requests: [],
    refusals: [],
    plaintexts: [],
    moveAlias() {
      aliased = makeKey();
      return aliased;
    },
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request);
    const target = String(request.headers['x-amz-target'] ?? '');
    const problem = judgeSignature(request, body, { accessKeyId, secret });
    if (problem !== null) {
      refuse(response, { type: 'InvalidSignatureException', message: problem });
      return;
    }
    const given = JSON.parse(body);
    kms.requests.push({ target, keyId: given.KeyId, context: given.EncryptionContext });
    const refusal = kms.refusals.shift() ?? null;
    if (refusal === 'silence') return;
    if (refusal === 'nonsense') {
      response.writeHead(200, { 'content-type': 'text/html' }).end(`<html>${body}</html>`);
      return;
    }
    if (refusal !== null) {
      refuse(response, refusal);
      return;
    }
    const named = String(given.KeyId);
    const arn = named === alias || named.endsWith(`:${alias}`) ? aliased : named;
    const key = keys.get(arn);
    if (!key) {
      refuse(response, { type: 'NotFoundException', message: `Key '${named}' does not exist` });
      return;
    }
    if (target === 'TrentService.Encrypt') {
      const { Plaintext: plain, EncryptionContext: bound } = encryption.parse(given);
      kms.plaintexts.push(plain);
      send(response, { CiphertextBlob: encrypt(key, { plain, bound }), KeyId: arn });
    } else if (target === 'TrentService.Decrypt') {
      const { CiphertextBlob: blob, EncryptionContext: bound } = decryption.parse(given);
      const plain = decrypt(key, { blob, bound });
      if (plain === null) refuse(response, { type: 'InvalidCiphertextException', message: '' });
      else send(response, { Plaintext: plain, KeyId: arn });
    } else {
      refuse(response, { type: 'UnknownOperationException', message: target });
    }
  }

  const server = createServer((request, response) => {
    void answer(request, response);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('It has no port.');
  const origin = `http://127.0.0.1:${address.port}`;
  return Object.assign(kms, {
    origin,
    environment: {
      AWS_ENDPOINT_URL_KMS: origin,
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secret,
      AWS_EC2_METADATA_DISABLED: 'true',
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  });
}

/** An encryption context, whatever its order. */
function authenticated(bound: Record<string, string>): Buffer {
  const entries = Object.entries(bound).toSorted(([one], [other]) => one.localeCompare(other));
  return Buffer.from(JSON.stringify(entries));
}

function encrypt(key: Buffer, { plain, bound }: { plain: string; bound: Record<string, string> }): string {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes });
  cipher.setAAD(authenticated(bound));
  const parts = [nonce, cipher.update(plain, 'base64'), cipher.final(), cipher.getAuthTag()];
  return Buffer.concat(parts).toString('base64');
}

function decrypt(
  key: Buffer,
  { blob, bound }: { blob: string; bound: Record<string, string> },
): string | null {
  const bytes = Buffer.from(blob, 'base64');
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, nonceBytes), {
    authTagLength: tagBytes,
  });
  decipher.setAAD(authenticated(bound));
  decipher.setAuthTag(bytes.subarray(-tagBytes));
  try {
    const plain = [decipher.update(bytes.subarray(nonceBytes, -tagBytes)), decipher.final()];
    return Buffer.concat(plain).toString('base64');
  } catch {
    return null;
  }
}

/** "Signature Version 4 signing process". @returns what is wrong with it; null where nothing is */
function judgeSignature(
  { headers, method, url }: IncomingMessage,
  body: string,
  { accessKeyId, secret }: { accessKeyId: string; secret: string },
): string | null {
  const date = String(headers['x-amz-date'] ?? '');
  const day = date.slice(0, 8);
  const scope = `${day}/${region}/kms/aws4_request`;
  const [, credential, names = '', signature] =
    /^AWS4-HMAC-SHA256 Credential=(\S+), SignedHeaders=(\S+), Signature=([\da-f]{64})$/.exec(
      headers.authorization ?? '',
    ) ?? [];
  if (credential !== `${accessKeyId}/${scope}`)
    return 'Credential should be scoped to a valid region and service.';
  const signed = names.split(';');
  if (!['host', 'x-amz-date', 'x-amz-target'].every((name) => signed.includes(name)))
    return 'Unsigned headers.';
  const sentAt = Date.parse(date.replace(/^(....)(..)(..)T(..)(..)(..)Z$/, '$1-$2-$3T$4:$5:$6Z'));
  if (Math.abs(Date.now() - sentAt) > clockMilliseconds) return 'Signature expired.';
  const sha256 = (value: string) => createHash('sha256').update(value).digest('hex');
  const canonical = [
    method,
    url,
    '',
    ...signed.map((name) => `${name}:${String(headers[name]).trim()}`),
    '',
    names,
    sha256(body),
  ].join('\n');
  const toSign = ['AWS4-HMAC-SHA256', date, scope, sha256(canonical)].join('\n');
  const key = [day, region, 'kms', 'aws4_request'].reduce<string | Buffer>(
    (previous, part) => createHmac('sha256', previous).update(part).digest(),
    `AWS4${secret}`,
  );
  const expected = createHmac('sha256', key).update(toSign).digest('hex');
  return expected === signature
    ? null
    : 'The request signature we calculated does not match the signature you provided.';
}

function send(response: ServerResponse, body: object, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body));
}

function refuse(response: ServerResponse, { type, message, status = 400 }: KmsRefusal): void {
  send(response, { __type: type, message }, status);
}
