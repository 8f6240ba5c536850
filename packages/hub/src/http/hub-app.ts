import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { Caller } from '../access/caller.ts';

/** What each domain's `register…Routes` is given: schemas of Zod, types from them. */
export type HubApp = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>;

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
