import {
  accessTokenRequestSchema,
  accessTokenSchema,
  connectionHealthSchema,
  connectionSchema,
  connectionSignInRequestSchema,
  connectionTestSchema,
  createConnectionSchema,
  eventPageRequestSchema,
  eventSchema,
  pageRequestSchema,
  pageSchema,
  signInLinkSchema,
  tokenFactsSchema,
  updateConnectionSchema,
} from '@latchkey/api';
import { z } from 'zod';
import { connectionIdsOf, nameCaller } from '../access/caller.ts';
import { HubError } from '../errors/hub-error.ts';
import { readTimeline } from '../events/list-events.ts';
import { toIso } from '../ground/clock.ts';
import { millisecondsPerSecond } from '../ground/durations.ts';
import type { HubApp } from '../http/hub-app.ts';
import { createSignInLink } from '../sign-ins/create-sign-in-link.ts';
import { forceRefresh } from '../tokens/force-refresh.ts';
import { getAccessToken } from '../tokens/get-access-token.ts';
import { readTokenState } from '../tokens/read-token-state.ts';
import type { TokenContext } from '../tokens/token-context.ts';
import type { ServedToken } from '../tokens/token-memory.ts';
import { changeConnection } from './change-connection.ts';
import { confirmIdentity } from './confirm-identity.ts';
import { connectionPurpose } from './connection-sign-in.ts';
import { createConnection } from './create-connection.ts';
import { deleteConnection } from './delete-connection.ts';
import { describeHealth } from './describe-health.ts';
import { eventsOfRegistration } from './events-of-registration.ts';
import { listConnections } from './list-connections.ts';
import { presentConnection, presentTokenFacts } from './present-connection.ts';
import { testConnection } from './test-connection.ts';

const path = '/api/v1/connections';
const tags = ['connections'];
const params = z.object({ id: z.string() });

/** The connections: made, shown, changed, proven, and what they are for: their tokens. */
export function registerConnectionRoutes(app: HubApp, context: TokenContext): void {
  registerConnections(app, context);
  registerHealth(app, context);
  registerEvents(app, context);
  registerProofs(app, context);
  registerTokens(app, context);
}

function registerConnections(app: HubApp, context: TokenContext): void {
  app.post(
    path,
    {
      config: { scope: 'connections:write' },
      schema: {
        summary: 'Make a connection; one that needs no sign-in is proven at once',
        tags,
        body: createConnectionSchema,
        response: { 201: connectionSchema },
      },
    },
    async (request, reply) => {
      const id = await createConnection(context, request.body, nameCaller(request));
      if (request.body.method !== 'sign_in') await testConnection(context, id);
      return reply.code(201).send(presentConnection(context, await readTokenState(context, id)));
    },
  );

  app.get(
    path,
    {
      config: { scope: 'connections:read', limitsConnections: true },
      schema: {
        summary: 'List the connections with their states',
        tags,
        querystring: pageRequestSchema,
        response: { 200: pageSchema(connectionSchema) },
      },
    },
    async (request) => {
      const { states, nextCursor } = await listConnections(context, request.query, connectionIdsOf(request));
      return { items: states.map((state) => presentConnection(context, state)), nextCursor };
    },
  );

  app.get(
    `${path}/:id`,
    {
      config: { scope: 'connections:read' },
      schema: { summary: 'Show a connection', tags, params, response: { 200: connectionSchema } },
    },
    async (request) => presentConnection(context, await readTokenState(context, request.params.id)),
  );

  app.patch(
    `${path}/:id`,
    {
      config: { scope: 'connections:write' },
      schema: {
        summary:
          'Change a connection in place; another client secret, certificate or token is proven at once',
        tags,
        params,
        body: updateConnectionSchema,
        response: { 200: connectionSchema },
      },
    },
    async (request) => {
      const { id } = request.params;
      await changeConnection(context, id, request.body, nameCaller(request));
      return presentConnection(context, await readTokenState(context, id));
    },
  );

  app.delete(
    `${path}/:id`,
    {
      config: { scope: 'connections:write' },
      schema: {
        summary:
          'Delete a connection and its tokens; an application user that the hub made is undone first, or left',
        tags,
        params,
        querystring: z.object({ applicationUser: z.literal('leave').optional() }),
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      const { applicationUser } = request.query;
      await deleteConnection(context, request.params.id, nameCaller(request), applicationUser === 'leave');
      return reply.code(204).send(null);
    },
  );
}

function registerHealth(app: HubApp, context: TokenContext): void {
  app.get(
    `${path}/:id/health`,
    {
      config: { scope: 'connections:read' },
      schema: {
        summary:
          'All that is known of how a connection stands: state, evidence, what is due, what may not last',
        tags,
        params,
        response: { 200: connectionHealthSchema },
      },
    },
    async (request) => describeHealth(context, request.params.id),
  );

  app.post(
    `${path}/:id/confirm-identity`,
    {
      config: { scope: 'connections:write' },
      schema: {
        summary: 'Say that it is right who, or what, came in place of another; the notice goes',
        tags,
        params,
        response: { 200: connectionSchema },
      },
    },
    async (request) => {
      const { id } = request.params;
      await confirmIdentity(context, id, nameCaller(request));
      return presentConnection(context, await readTokenState(context, id));
    },
  );
}

function registerEvents(app: HubApp, context: TokenContext): void {
  app.get(
    `${path}/:id/events`,
    {
      config: { scope: 'connections:read' },
      schema: {
        summary:
          'What happened to a connection, the newest first; a deleted one keeps its timeline for a time',
        tags,
        params,
        querystring: eventPageRequestSchema,
        response: { 200: pageSchema(eventSchema) },
      },
    },
    async (request) => {
      const { id } = request.params;
      return readTimeline(context, id, request.query, async () =>
        eventsOfRegistration(await readTokenState(context, id)),
      );
    },
  );
}

function registerProofs(app: HubApp, context: TokenContext): void {
  app.post(
    `${path}/:id/sign-in`,
    {
      config: { scope: 'connections:write' },
      schema: {
        summary: 'Get a link by which a person signs the connection in, for the first time or again',
        tags,
        params,
        body: connectionSignInRequestSchema.nullish(),
        response: { 200: signInLinkSchema },
      },
    },
    async (request) => {
      const { connection } = await readTokenState(context, request.params.id);
      if (connection.method === 'client_credentials') throw new HubError('sign_in_not_applicable');
      const account = request.body?.account ?? null;
      const subject = { purpose: connectionPurpose, subjectId: connection.id, account };
      const link = await createSignInLink(context, subject);
      return { url: link.url, expiresAt: toIso(link.expiresAt) };
    },
  );

  app.post(
    `${path}/:id/test`,
    {
      config: { scope: 'connections:write' },
      schema: {
        summary: 'Test a connection step by step, from the address to a read of accounts',
        tags,
        params,
        response: { 200: connectionTestSchema },
      },
    },
    async (request) => testConnection(context, request.params.id),
  );

  app.post(
    `${path}/:id/refresh`,
    {
      config: { scope: 'connections:write' },
      schema: {
        summary: 'Refresh the tokens now, though the old ones may live',
        tags,
        params,
        response: { 200: tokenFactsSchema },
      },
    },
    async (request) => presentTokenFacts(await forceRefresh(context, request.params.id)),
  );
}

function registerTokens(app: HubApp, context: TokenContext): void {
  app.get(
    `${path}/:id/token`,
    {
      config: { scope: 'connections:token' },
      schema: {
        summary: 'Get an access token to call the Web API with',
        tags,
        params,
        querystring: accessTokenRequestSchema,
        response: { 200: accessTokenSchema },
      },
    },
    (request, reply) => {
      function send({ answer, answerText }: ServedToken): void {
        reply.header('cache-control', 'no-store').type('application/json; charset=utf-8');
        // The text is made once a token: this is the busiest call of the API.
        reply.serializer(() => answerText).send(answer);
      }
      const { minimumLifeSeconds } = request.query;
      const token = getAccessToken(context, request.params.id, minimumLifeSeconds * millisecondsPerSecond);
      return token instanceof Promise ? token.then(send) : send(token);
    },
  );

  app.get(
    `${path}/:id/token-facts`,
    {
      config: { scope: 'connections:read' },
      schema: {
        summary: 'What the stored access token says about itself; never the token',
        tags,
        params,
        response: { 200: tokenFactsSchema },
      },
    },
    async (request) => presentTokenFacts(await readTokenState(context, request.params.id)),
  );
}
