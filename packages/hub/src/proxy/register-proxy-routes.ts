import type { Scope } from '@latchkey/api';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { HubError } from '../errors/hub-error.ts';
import { hubErrors } from '../errors/hub-error-table.ts';
import { startSystemTimer } from '../ground/clock.ts';
import { internalServerError } from '../ground/http-status.ts';
import type { HubApp } from '../http/hub-app.ts';
import { getAccessToken } from '../tokens/get-access-token.ts';
import { healRejectedToken } from '../tokens/heal-rejected-token.ts';
import type { TokenContext } from '../tokens/token-context.ts';
import { type CallShares, createCallShares } from './call-shares.ts';
import { browserContainment } from './forward-headers.ts';
import { linksHeader, readLinksWish } from './lead-links-back.ts';
import { createCallLimit } from './limit-concurrent-calls.ts';
import { type ProxyServices, passOnCall } from './pass-on-call.ts';
import { createCallEvidence } from './record-call-evidence.ts';

/**
 * All that the Web API uses, and the methods next to them, by the scope that a key needs (RFC 9110 §9.2.1: what is safe
 * reads). Not TRACE, whose answer repeats the request with the token in it, and not CONNECT.
 */
const methodsByScope: readonly { neededScope: Scope; methods: string[] }[] = [
  { neededScope: 'connections:proxy-read', methods: ['GET', 'HEAD', 'OPTIONS'] },
  { neededScope: 'connections:proxy', methods: ['DELETE', 'PATCH', 'POST', 'PUT'] },
];

const nothingAdded: readonly string[] = [];

/** Where the environment lies below a connection, and where its links lead unless the caller says otherwise. */
const places = [
  {
    name: 'proxy',
    links: 'environment',
    summary: 'Call the CRM with the connection’s token',
    description:
      'Path, query and body go to the environment as they are, and its answer comes back as it is: @odata.nextLink leads to the environment itself. The hub’s own failures are problems; see "code".',
  },
  {
    name: 'environment',
    links: 'hub',
    summary: 'Call the CRM by a client that takes this address for the environment’s',
    description:
      'As /proxy, but @odata.nextLink, @odata.deltaLink, Location and OData-EntityId of answers lead to this address, so that the client follows them through the hub.',
  },
] as const;
type Place = (typeof places)[number];

/**
 * Calls to the environment with a connection's token: `/api/v1/connections/{id}/proxy/*` is `{environment}/*`. Bodies
 * stream both ways and are not changed, so an `@odata.nextLink` names the environment itself, unless the caller asks
 * for links that lead through the hub, by `…/environment/*` or by a header.
 */
export function registerProxyRoutes(app: HubApp, context: TokenContext): void {
  const { services, shares } = connectServices(context);
  app.addHook('onClose', () => shares.close());

  app.register(async (instance) => {
    // Nothing is parsed, and no limit of size holds: the body flows through as it is.
    instance.removeAllContentTypeParsers();
    instance.addContentTypeParser('*', (_request, _body, done) => done(null));

    for (const place of places) {
      const { name, summary, description } = place;
      for (const { neededScope, methods } of methodsByScope) {
        instance.route<{ Params: { id: string } }>({
          method: methods,
          url: `/api/v1/connections/:id/${name}/*`,
          // HEAD is passed on as HEAD; it is not a GET whose body is dropped.
          exposeHeadRoute: false,
          config: { scope: neededScope },
          schema: { summary, description, tags: ['proxy'] },
          handler: (request, reply) => passOn(context, services, { request, reply, place }),
        });
      }
    }
  });
}

interface ProxyRequest {
  request: FastifyRequest<{ Params: { id: string } }>;
  reply: FastifyReply;
  place: Place;
}

/** Passes a call on, counts it by the status that the caller gets, and makes a span of it. */
async function passOn(
  context: TokenContext,
  services: ProxyServices,
  { request, reply, place }: ProxyRequest,
): Promise<FastifyReply> {
  const { metrics, spans } = context.telemetry;
  const beganAt = performance.now();
  let status = 0;
  try {
    const call = {
      connectionId: request.params.id,
      request: request.raw,
      response: reply.raw,
      addedHeaders: request.caller?.kind === 'browser' ? browserContainment : nothingAdded,
      standIn: standInFor(context, place, request),
      onBegin: () => void reply.hijack(),
    };
    const attributes = { 'http.request.method': request.method, 'latchkey.connection.id': call.connectionId };
    await spans.run('latchkey.proxy', attributes, () => passOnCall(services, call));
    if (reply.raw.writableEnded) status = reply.raw.statusCode;
    return reply;
  } catch (error) {
    status = error instanceof HubError ? hubErrors[error.code].status : internalServerError;
    throw error;
  } finally {
    metrics.callEnded(status, performance.now() - beganAt);
  }
}

/** The hub's configured address, never what the caller sent as Host. @throws HubError `request_malformed` */
function standInFor(
  { config }: TokenContext,
  { name, links }: Place,
  { params, headers }: ProxyRequest['request'],
): string | null {
  const wish = readLinksWish(headers[linksHeader]);
  if (wish === null) {
    const detail = `The header ${linksHeader} is "environment" or "hub".`;
    throw new HubError('request_malformed', { detail });
  }
  if ((wish ?? links) === 'environment') return null;
  return `${config.publicUrl}/api/v1/connections/${encodeURIComponent(params.id)}/${name}`;
}

function connectServices(context: TokenContext): { services: ProxyServices; shares: CallShares } {
  const shares = createCallShares(context, context.provider.concurrentCalls, {
    usageOf: (user) => limit.usageOf(user),
    users: () => limit.users(),
    admit: (user) => limit.admit(user),
  });
  const limit = createCallLimit({ startTimer: startSystemTimer }, shares);
  const services: ProxyServices = {
    clock: context.clock,
    getAccessToken: (connectionId) => getAccessToken(context, connectionId),
    healRejectedToken: (connectionId, rejectedToken) =>
      healRejectedToken(context, connectionId, rejectedToken),
    healInBackground(connectionId, rejectedToken) {
      context.background.start('heal a rejected token', async () => {
        await healRejectedToken(context, connectionId, rejectedToken);
      });
    },
    pool: (origin) => context.outbound.pool(origin),
    limit,
    startTimer: startSystemTimer,
    evidence: createCallEvidence(context),
  };
  return { services, shares };
}
