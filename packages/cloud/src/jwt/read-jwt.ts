import { isRecord, parseJson } from '../ground/json.ts';

/** A JWT that somebody presents, read but not trusted. */
export interface Jwt {
  header: Readonly<Record<string, unknown>>;
  claims: Readonly<Record<string, unknown>>;
  /** What the signature covers. */
  signedText: Buffer;
  signature: Buffer;
}

const jwtForm = /^([\w-]+)\.([\w-]+)\.([\w-]*)$/;

/** Reads a JWT (RFC 7519 §7.2) without judging it; undefined when it is none. */
export function readJwt(text: string): Jwt | undefined {
  const [, head, payload, signature] = jwtForm.exec(text) ?? [];
  if (head === undefined || payload === undefined || signature === undefined) return undefined;
  const header = decode(head);
  const claims = decode(payload);
  if (!header || !claims) return undefined;
  return {
    header,
    claims,
    signedText: Buffer.from(`${head}.${payload}`),
    signature: Buffer.from(signature, 'base64url'),
  };
}

function decode(part: string): Record<string, unknown> | undefined {
  const value = parseJson(Buffer.from(part, 'base64url').toString('utf8'));
  return isRecord(value) ? value : undefined;
}
