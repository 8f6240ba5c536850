import type { FastifyRequest } from 'fastify';
import { HubError } from '../errors/hub-error.ts';
import { clockDifference, endOfPause } from '../ground/bounded-times.ts';
import { digest } from '../ground/digest.ts';
import { millisecondsPerSecond } from '../ground/durations.ts';
import type { HubApp } from '../http/hub-app.ts';
import type { HubContext } from '../hub-context.ts';
import type { Caller } from './caller.ts';
import { sessionCookieName, sessionSeconds } from './session-cookie.ts';
import type { ApiKeyMemory } from './verify-api-key.ts';

/** Of a stored one. */
const longestSession = sessionSeconds * millisecondsPerSecond + clockDifference;

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Lets nobody into `/api/` without an API key or a session, but where a route says that it is `open`. */
export function authenticateCallers(app: HubApp, context: HubContext, apiKeys: ApiKeyMemory): void {
  app.decorateRequest('caller', null);
  app.addHook('onRequest', (request, _reply, done) => {
    const { url, config } = request.routeOptions;
    if (url === undefined || !url.startsWith('/api/') || config.open) {
      done();
      return;
    }
    const caller = identifyCaller(context, apiKeys, request);
    if (caller instanceof Promise) {
      void attachCaller(request, caller, done);
      return;
    }
    request.caller = caller;
    done();
  });
}

async function attachCaller(
  request: FastifyRequest,
  caller: Promise<Caller>,
  done: (error?: Error) => void,
): Promise<void> {
  try {
    request.caller = await caller;
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
 * @throws HubError `not_signed_in`, `api_key_unknown`, `api_key_revoked`, `cross_site_request`
 */
export function identifyCaller(
  context: HubContext,
  apiKeys: ApiKeyMemory,
  request: FastifyRequest,
): Caller | Promise<Caller> {
  const { authorization } = request.headers;
  if (authorization !== undefined) {
    const apiKeyId = apiKeys.verify(readBearer(authorization));
    return typeof apiKeyId === 'string' ? keyCaller(apiKeyId) : apiKeyId.then(keyCaller);
  }
  const session = request.cookies[sessionCookieName];
  if (session === undefined) throw new HubError('not_signed_in');
  return identifyBrowser(context, request, session);
}

function keyCaller(apiKeyId: string): Caller {
  return { kind: 'api_key', apiKeyId };
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
