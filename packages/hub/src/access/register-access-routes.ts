import {
  apiKeySchema,
  createApiKeySchema,
  createdApiKeySchema,
  enterSchema,
  pageRequestSchema,
  pageSchema,
  rotateApiKeySchema,
  type Session,
  sessionSchema,
} from '@latchkey/api';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { HubError } from '../errors/hub-error.ts';
import { toIso } from '../ground/clock.ts';
import { digest } from '../ground/digest.ts';
import { millisecondsPerHour } from '../ground/durations.ts';
import type { HubApp } from '../http/hub-app.ts';
import type { HubContext } from '../hub-context.ts';
import type { ApiKeyRow } from './api-key-row.ts';
import { identifyCaller } from './authenticate.ts';
import type { Caller } from './caller.ts';
import { createApiKey } from './create-api-key.ts';
import { decideApiKey, scopesOf } from './decide-api-key.ts';
import { listApiKeys } from './list-api-keys.ts';
import { presentApiKey } from './present-api-key.ts';
import { redeemEntryCode } from './redeem-entry-code.ts';
import { revokeApiKey } from './revoke-api-key.ts';
import { rotateApiKey } from './rotate-api-key.ts';
import { clearSessionCookie, sessionCookieName, setSessionCookie } from './session-cookie.ts';
import type { ApiKeyMemory } from './verify-api-key.ts';

/** Sessions of people, and API keys. */
export function registerAccessRoutes(app: HubApp, context: HubContext, apiKeys: ApiKeyMemory): void {
  registerSessionRoutes(app, context, apiKeys);
  registerApiKeyRoutes(app, context, apiKeys);
}

function registerSessionRoutes(app: HubApp, context: HubContext, apiKeys: ApiKeyMemory): void {
  app.post(
    '/api/v1/session',
    {
      config: { open: true },
      schema: {
        summary: 'Enter by a one-time link',
        tags: ['access'],
        body: enterSchema,
        response: { 200: sessionSchema },
      },
    },
    async (request, reply) => {
      const { session, expiresAt } = await redeemEntryCode(context, request.body.code);
      setSessionCookie(reply, context.config, session);
      return presentSession({ kind: 'browser', sessionHash: digest(session), expiresAt });
    },
  );

  app.get(
    '/api/v1/session',
    {
      config: { open: true },
      schema: { summary: 'Who am I?', tags: ['access'], response: { 200: sessionSchema } },
    },
    async (request) => presentSession(await identifyOrNull(() => identifyCaller(context, apiKeys, request))),
  );

  app.delete(
    '/api/v1/session',
    {
      config: { scope: null },
      schema: { summary: 'Sign out', tags: ['access'], response: { 204: z.null() } },
    },
    async (request, reply) => {
      const session = request.cookies[sessionCookieName];
      if (session !== undefined) {
        await context.store.db.deleteFrom('sessions').where('session_hash', '=', digest(session)).execute();
      }
      clearSessionCookie(reply, context.config);
      return reply.code(204).send(null);
    },
  );
}

function registerApiKeyRoutes(app: HubApp, context: HubContext, apiKeys: ApiKeyMemory): void {
  app.get(
    '/api/v1/api-keys',
    {
      config: { scope: 'api-keys:read' },
      schema: {
        summary: 'List the API keys',
        tags: ['access'],
        querystring: pageRequestSchema,
        response: { 200: pageSchema(apiKeySchema) },
      },
    },
    async (request) => {
      const { rows, nextCursor } = await listApiKeys(context, request.query);
      return { items: rows.map((row) => presentApiKey(row, context.clock.now())), nextCursor };
    },
  );

  app.post(
    '/api/v1/api-keys',
    {
      config: { scope: 'api-keys:write' },
      schema: {
        summary: 'Make an API key; the whole key is shown this once',
        tags: ['access'],
        body: createApiKeySchema,
        response: { 201: createdApiKeySchema },
      },
    },
    async (request, reply) => {
      const decided = await decideApiKey(context, request.caller, request.body);
      return sendCreated(context, reply, await createApiKey(context, decided));
    },
  );

  app.post(
    '/api/v1/api-keys/:id/rotate',
    {
      config: { scope: 'api-keys:write' },
      schema: {
        summary: 'Make a key in the place of another, which goes on beside it for a while; shown this once',
        tags: ['access'],
        params: z.object({ id: z.string() }),
        body: rotateApiKeySchema.nullish(),
        response: { 201: createdApiKeySchema },
      },
    },
    async (request, reply) => {
      const { overlapHours } = rotateApiKeySchema.parse(request.body ?? {});
      const { id } = request.params;
      const made = await rotateApiKey(context, id, {
        caller: request.caller,
        overlapMilliseconds: overlapHours * millisecondsPerHour,
      });
      apiKeys.forget(id);
      return sendCreated(context, reply, made);
    },
  );

  app.delete(
    '/api/v1/api-keys/:id',
    {
      config: { scope: 'api-keys:write' },
      schema: {
        summary: 'Revoke an API key',
        tags: ['access'],
        params: z.object({ id: z.string() }),
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      await revokeApiKey(context, request.params.id);
      apiKeys.forget(request.params.id);
      return reply.code(204).send(null);
    },
  );
}

function sendCreated(
  { clock }: HubContext,
  reply: FastifyReply,
  { row, key }: { row: ApiKeyRow; key: string },
): FastifyReply {
  return reply
    .code(201)
    .header('cache-control', 'no-store')
    .send({ ...presentApiKey(row, clock.now()), key });
}

/** Asking who one is is no failure when one is nobody. */
async function identifyOrNull(identify: () => Caller | Promise<Caller>): Promise<Caller | null> {
  try {
    return await identify();
  } catch (error) {
    if (error instanceof HubError && error.code !== 'store_unavailable') return null;
    throw error;
  }
}

function presentSession(caller: Caller | null): Session {
  if (!caller) return { authenticated: false, kind: null, expiresAt: null, scopes: [], connectionIds: null };
  const isBrowser = caller.kind === 'browser';
  return {
    authenticated: true,
    kind: caller.kind,
    expiresAt: isBrowser ? toIso(caller.expiresAt) : null,
    scopes: scopesOf(caller),
    connectionIds: isBrowser || !caller.connectionIds ? null : [...caller.connectionIds],
  };
}
