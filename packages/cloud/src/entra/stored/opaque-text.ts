import { createHash } from 'node:crypto';
import type { Random } from '../../random.ts';

/** What is handed out as opaque text, with the size that the real service gives it: columns must be wide enough. */
const forms = {
  authorizationCode: { prefix: '1.AX', bytes: 540 },
  refreshToken: { prefix: '1.AX', bytes: 840 },
  deviceCode: { prefix: 'DAQAB', bytes: 150 },
  session: { prefix: '', bytes: 32 },
} as const;

/** Makes a code or token that means nothing to its holder. */
export function makeOpaqueText(random: Random, kind: keyof typeof forms): string {
  const { prefix, bytes } = forms[kind];
  return `${prefix}${random.bytes(bytes).toString('base64url')}`;
}

/** What is stored of an opaque text. It is random and long, so a plain digest can't be guessed. */
export function digestOpaqueText(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
