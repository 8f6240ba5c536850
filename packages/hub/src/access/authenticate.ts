import type { FastifyContextConfig, FastifyRequest, RouteOptions } from 'fastify';
import { HubError } from '../errors/hub-error.ts';
import { clockDifference, endOfPause } from '../ground/bounded-times.ts';
import { digest } from '../ground/digest.ts';
import { millisecondsPerSecond } from '../ground/durations.ts';
import type { HubApp } from '../http/hub-app.ts';
import type { HubContext } from '../hub-context.ts';
import type { Caller } from './caller.ts';
import { refuseBeyondLimits } from './refuse-beyond-limits.ts';
import { sessionCookieName, sessionSeconds } from './session-cookie.ts';
import type { ApiKeyMemory } from './verify-api-key.ts';

/** Of a stored one. */
const longestSession = sessionSeconds * millisecondsPerSecond + clockDifference;

/** All routes of one connection call it `id`. */
interface ApiParams {
  Params: { id?: string };
}

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Lets nobody into `/api/` without an API key or a session, but where a route says that it is `open`, and no key beyond its
 * scopes and connections. Goes before the routes.
 */
export function authenticateCallers(app: HubApp, context: HubContext, apiKeys: ApiKeyMemory): void {
  app.decorateRequest('caller', null);
  app.addHook('onRoute', declareScope);
  app.addHook<ApiParams>('onRequest', (request, _reply, done) => {
    const { url, config } = request.routeOptions;
    if (url === undefined || !isOfApi(url) || config.open) {
      done();
      return;
    }
    const caller = identifyCaller(context, apiKeys, request);
    if (caller instanceof Promise) {
      void attachLater(request, config, caller, done);
      return;
    }
    attachCaller(request, config, caller);
    done();
  });
}

function isOfApi(url: string): boolean {
  return url.startsWith('/api/');
}

/**
 * Sees to it that every route of the API says what a key needs for it, and that the OpenAPI document says so, too (3.1.0,
 * "Security Requirement Object": the roles that are needed).
 */
function declareScope(route: RouteOptions): void {
  if (!isOfApi(route.url)) return;
  const { open, scope } = route.config ?? {};
  if (open) {
    route.schema = { ...route.schema, security: [] };
    return;
  }
  if (scope === undefined) throw new TypeError(`${route.url} does not say which scope it needs.`);
  route.schema = { ...route.schema, security: [{ apiKey: scope === null ? [] : [scope] }, { session: [] }] };
}

function attachCaller(
  request: FastifyRequest<ApiParams>,
  config: FastifyContextConfig,
  caller: Caller,
): void {
  if (caller.kind === 'api_key') refuseBeyondLimits(caller, { config, id: request.params.id });
  request.caller = caller;
}

async function attachLater(
  request: FastifyRequest<ApiParams>,
  config: FastifyContextConfig,
  caller: Promise<Caller>,
  done: (error?: Error) => void,
): Promise<void> {
  try {
    attachCaller(request, config, await caller);
  } catch (error) {
    done(error instanceof Error ? error : new Error(String(error)));
    return;
  }
  done();
}

/**
 * Finds out who calls. An API key counts before a cookie: who sends both is a program. A key that was looked up a
 * moment ago is answered at once, since every call of the API comes through here.
 *
 * @throws HubError `not_signed_in`, `api_key_unknown`, `api_key_revoked`, `api_key_expired`, `cross_site_request`
 */
export function identifyCaller(
  context: HubContext,
  apiKeys: ApiKeyMemory,
  request: FastifyRequest,
): Caller | Promise<Caller> {
  const { authorization } = request.headers;
  if (authorization !== undefined) return apiKeys.verify(readBearer(authorization));
  const session = request.cookies[sessionCookieName];
  if (session === undefined) throw new HubError('not_signed_in');
  return identifyBrowser(context, request, session);
}

async function identifyBrowser(
  context: HubContext,
  request: FastifyRequest,
  session: string,
): Promise<Caller> {
  const caller = await findSession(context, session);
  refuseOtherSites(context, request);
  return caller;
}

/** RFC 6750 §2.1; the scheme in any case (RFC 9110 §11.1). */
function readBearer(authorization: string): string {
  const [, token] = /^bearer +(\S+)$/i.exec(authorization) ?? [];
  if (token === undefined) {
    throw new HubError('not_signed_in', { detail: 'The Authorization header carries no bearer token.' });
  }
  return token;
}

async function findSession({ store, clock }: HubContext, session: string): Promise<Caller> {
  const sessionHash = digest(session);
  const row = await store.db
    .selectFrom('sessions')
    .select('expires_at')
    .where('session_hash', '=', sessionHash)
    .executeTakeFirst();
  const now = clock.now();
  if (!row || endOfPause(row.expires_at, now, longestSession) <= now) {
    throw new HubError('not_signed_in', { detail: 'The session has ended.' });
  }
  return { kind: 'browser', sessionHash, expiresAt: row.expires_at };
}

/**
 * A browser sends its cookies along with what other sites make it send; it also says which site that was
 * (Fetch standard, "Origin" header). SameSite=Lax alone would let another port of the same host through.
 */
function refuseOtherSites({ config }: HubContext, request: FastifyRequest): void {
  if (safeMethods.has(request.method)) return;
  if (request.headers.origin === new URL(config.publicUrl).origin) return;
  throw new HubError('cross_site_request');
}
