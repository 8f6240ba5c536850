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
