import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { httpStatus } from '../ground/http-status.ts';
import type { TokenContext } from '../jwt/token-context.ts';
import { parseResourcePath } from '../odata/parse-resource-path.ts';
import { originOf } from '../service-origins.ts';
import type { Caller, Dataverse, DataverseCall } from './call/dataverse-call.ts';
import { type Preferences, parsePreferences } from './call/preferences.ts';
import { registerGlobalDiscovery } from './discovery/register-global-discovery.ts';
import { DataverseError, notAvailable } from './errors/dataverse-error.ts';
import { authenticateCaller, bearerChallenge } from './http/authenticate-caller.ts';
import { readJsonObject } from './http/read-json-object.ts';
import { createRequestAllowance } from './http/request-allowance.ts';
import { sendAnswer, sendError } from './http/send-answer.ts';
import { openDataverses } from './open-dataverse.ts';
import type { Answer } from './operations/answer.ts';
import { dispatch } from './operations/dispatch.ts';
import { resolveResource } from './operations/resolve-resource.ts';
import { decodePath } from './records/record-key.ts';
import { identifyCaller } from './users/identify-caller.ts';

const webApiRoot = '/api/data';
const versions = ['v9.0', 'v9.1', 'v9.2'];
const organizationServiceRoot = '/XRMServices';
const bodyLimitBytes = 16 * 1024 * 1024;
const exposedHeaders =
  'Preference-Applied,OData-EntityId,Location,ETag,OData-Version,Content-Encoding,Transfer-Encoding,Content-Length,Retry-After';
/** Requests to act as somebody else: refused, since passing them over would act as the wrong person. */
const impersonationHeaders = ['mscrmcallerid', 'callerobjectid'];

/**
 * The Dataverse Web API of all environments and the Global Discovery Service. Which of them a request is for is known
 * by the listener or the proxied name through which it came. Register it once per context: it holds the environments'
 * rows in memory.
 *
 * Source: Microsoft Dataverse developer guide, "Use the Microsoft Dataverse Web API".
 */
export function registerDataverse(app: FastifyInstance, context: TokenContext): void {
  const dataverses = openDataverses(context);
  const allowance = createRequestAllowance(context.clock);
  const calls = new WeakMap<FastifyRequest, { dataverse: Dataverse; caller: Caller }>();

  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string', bodyLimit: bodyLimitBytes }, (_request, body, done) => {
    done(null, body);
  });
  app.setErrorHandler((error, request, reply) => sendError(reply, error, preferencesOf(request)));
  app.setNotFoundHandler((request, reply) => sendError(reply, unknownPath(request), preferencesOf(request)));
  app.addHook('onRequest', async (request, reply) => {
    allowOrigin(request, reply);
    if (isPreflight(request)) {
      await reply.code(httpStatus.noContent).send();
      return;
    }
    reply.headers({
      'OData-Version': '4.0',
      REQ_ID: context.random.guid(),
      'x-ms-service-request-id': context.random.guid(),
      'Access-Control-Expose-Headers': exposedHeaders,
    });
    // Before the body is read: who may not call learns nothing about what it would do.
    if (!isGuarded(pathOf(request))) return;
    const dataverse = dataverses.find(originOf(context.addresses.crm, request));
    if (!dataverse) throw unknownPath(request);
    const verdict = authenticateCaller(context, dataverse.environment, request.headers.authorization);
    if (!verdict.accepted) {
      await sendChallenge(dataverse, request, reply);
      return;
    }
    const caller = identifyCaller(dataverse, verdict.claims);
    reply.header('x-ms-ratelimit-burst-remaining-xrm-requests', allowance.countRequest(caller.userId));
    calls.set(request, { dataverse, caller });
  });
  app.all(`${organizationServiceRoot}/*`, async () => {
    throw notAvailable('The organization service (SOAP)');
  });
  app.all(`${webApiRoot}/*`, async (request, reply) => {
    const call = calls.get(request);
    if (!call) throw new Error('The request reached its operation without authentication.');
    return sendAnswer(reply, answerRequest(call.dataverse, call.caller, request));
  });
  void app.register(async (scope) => registerGlobalDiscovery(scope, context, dataverses));
}

function answerRequest(dataverse: Dataverse, caller: Caller, request: FastifyRequest): Answer {
  const impersonation = impersonationHeaders.find((name) => request.headers[name] !== undefined);
  if (impersonation) throw notAvailable(`Impersonation by the header '${impersonation}'`);
  const path = pathOf(request);
  const [version = ''] = path.slice(webApiRoot.length + 1).split('/', 1);
  if (!versions.includes(version)) throw unknownPath(request);
  const origin = originOf(dataverse.context.addresses.crm, request);
  const servicePath = `${webApiRoot}/${version}`;
  const call: DataverseCall = {
    ...dataverse,
    caller,
    serviceRoot: `${origin}${servicePath}`,
    preferences: preferencesOf(request),
  };
  const steps = parseResourcePath(decodePath(path.slice(servicePath.length + 1)));
  return dispatch(
    {
      call,
      url: `${origin}${path}`,
      query: (request.raw.url ?? '').slice(path.length + 1),
      conditions: { ifMatch: request.headers['if-match'], ifNoneMatch: request.headers['if-none-match'] },
      readBody: () => readJsonObject(request.headers['content-type'], request.body),
    },
    request.method,
    resolveResource(dataverse.store, steps),
  );
}

function sendChallenge(
  { environment, context }: Dataverse,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const entraOrigin = originOf(context.addresses.entra, request);
  const crmOrigin = originOf(context.addresses.crm, request);
  const challenge = bearerChallenge(environment.tenantId, { entraOrigin, crmOrigin });
  return reply.code(401).header('WWW-Authenticate', challenge).send();
}

function unknownPath(request: FastifyRequest): DataverseError {
  return new DataverseError('unknownSegment', `Resource not found for the segment '${pathOf(request)}'.`);
}

/** Pages of other origins may call (Dataverse "Use OAuth with CORS"): who calls is told by the token alone. */
function allowOrigin(request: FastifyRequest, reply: FastifyReply): void {
  const { origin, 'access-control-request-headers': asked } = request.headers;
  if (origin === undefined) return;
  reply.headers({ 'Access-Control-Allow-Origin': origin, Vary: 'Origin' });
  if (!isPreflight(request)) return;
  reply.headers({
    'Access-Control-Allow-Methods': 'GET, POST, PATCH, PUT, DELETE, OPTIONS',
    'Access-Control-Max-Age': '3600',
    ...(asked !== undefined && { 'Access-Control-Allow-Headers': asked }),
  });
}

/** A browser asks whether it may send a request (Fetch standard, CORS-preflight request); it has no token with it. */
function isPreflight({ method, headers }: FastifyRequest): boolean {
  return method === 'OPTIONS' && 'origin' in headers && 'access-control-request-method' in headers;
}

/** All below the two services asks for a token, whether or not there is something. */
function isGuarded(path: string): boolean {
  return [webApiRoot, organizationServiceRoot].some((root) => path === root || path.startsWith(`${root}/`));
}

/** The path as sent, not decoded. */
function pathOf(request: FastifyRequest): string {
  return request.raw.url?.split('?', 1)[0] ?? '';
}

function preferencesOf(request: FastifyRequest): Preferences {
  const { prefer } = request.headers;
  return parsePreferences(Array.isArray(prefer) ? prefer.join(',') : prefer);
}
