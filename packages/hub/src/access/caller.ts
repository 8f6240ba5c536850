import type { FastifyRequest } from 'fastify';

/** Who calls: a person's browser with a session, or a program with an API key. */
export type Caller =
  | { kind: 'browser'; sessionHash: string; expiresAt: number }
  | { kind: 'api_key'; apiKeyId: string };

declare module 'fastify' {
  interface FastifyRequest {
    /** Who calls; null on pages and on open routes. */
    caller: Caller | null;
  }
  interface FastifyContextConfig {
    /** A route below `/api/` that anybody may call. */
    open?: boolean;
  }
}

/** Of a session's digest, which is no secret; enough to tell browsers apart. */
const sessionNameLength = 8;

/** @returns by what the log knows a caller: the id of the key, or a part of the session's digest */
export function nameCaller({ caller }: FastifyRequest): string | null {
  if (!caller) return null;
  return caller.kind === 'api_key'
    ? `api_key:${caller.apiKeyId}`
    : `browser:${caller.sessionHash.slice(0, sessionNameLength)}`;
}
