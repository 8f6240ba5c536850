import type { Scope } from '@latchkey/api';
import type { FastifyRequest } from 'fastify';

/** A person's browser with a session: it may do all. */
interface BrowserCaller {
  kind: 'browser';
  sessionHash: string;
  /** Epoch milliseconds. */
  expiresAt: number;
}

/** A program with an API key. */
export interface ApiKeyCaller {
  kind: 'api_key';
  apiKeyId: string;
  /** What it may do, with all that this implies. */
  scopes: ReadonlySet<Scope>;
  /** The only connections that it is for; null for all. */
  connectionIds: ReadonlySet<string> | null;
}

export type Caller = BrowserCaller | ApiKeyCaller;

declare module 'fastify' {
  interface FastifyRequest {
    /** Who calls; null on pages and on open routes. */
    caller: Caller | null;
  }
  interface FastifyContextConfig {
    /** A route below `/api/` that anybody may call. */
    open?: boolean;
    /** What a key needs for a route below `/api/`; null where every key will do. Each that is not open says it. */
    scope?: Scope | null;
    /** A route of no one connection that shows a key for certain connections no others. */
    limitsConnections?: boolean;
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

/** @returns the only connections that the caller may see; null for all */
export function connectionIdsOf({ caller }: FastifyRequest): ReadonlySet<string> | null {
  return caller?.kind === 'api_key' ? caller.connectionIds : null;
}
