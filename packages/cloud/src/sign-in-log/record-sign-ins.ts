import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../clock.ts';
import { findClientId } from '../web/find-client-id.ts';
import type { SignInLog, WrittenSignIn } from './create-sign-in-log.ts';
import { findIssuedTokens } from './find-issued-tokens.ts';
import { judgePageAnswer, judgeTokenAnswer, type SentAnswer } from './judge-sign-in.ts';

type Endpoint = Pick<WrittenSignIn, 'endpoint' | 'version'>;

const loggedMethods = new Set(['GET', 'POST']);
const v2Path = '/oauth2/v2.0/';
/** The forms of the sign-in and consent pages go to paths like `/:tenant/login`. */
const pageStep = /^\/:tenant\/[\w-]+$/;

/**
 * Writes every authorize and token request, and the steps on the pages between them, into the sign-in log. Register
 * it before Entra ID's routes. It reads answers as they go out, so that no grant can be forgotten, and leaves the
 * tokens encoded until somebody looks.
 */
export function recordSignIns(
  app: FastifyInstance,
  { signIns, clock }: { signIns: SignInLog; clock: Clock },
): void {
  const endpoints = new Map<string, Endpoint | null>();
  // By the route's pattern, which are few, so each is looked at once.
  const endpointOf = ({ method, routeOptions: { url = '' } }: FastifyRequest): Endpoint | null => {
    const key = `${method} ${url}`;
    let endpoint = endpoints.get(key);
    if (endpoint === undefined) {
      endpoint = classify(method, url);
      endpoints.set(key, endpoint);
    }
    return endpoint;
  };
  app.addHook('onSend', (request, reply, payload, done) => {
    const endpoint = endpointOf(request);
    if (endpoint) {
      const answer = sentAnswer(reply, payload);
      const facts = signIns.factsOf(request);
      const isToken = endpoint.endpoint === 'token';
      signIns.write({
        ...endpoint,
        time: clock.now(),
        tenant: tenantOf(request),
        clientId: facts.clientId ?? findClientId(request) ?? null,
        user: facts.user ?? null,
        grant: facts.grant ?? parameterOf(request, isToken ? 'grant_type' : 'response_type'),
        ...(isToken ? judgeTokenAnswer(answer) : judgePageAnswer(answer)),
        tokens: findIssuedTokens(answer),
      });
    }
    done();
  });
}

function classify(method: string, url: string): Endpoint | null {
  if (!loggedMethods.has(method)) return null;
  const version = url.includes(v2Path) ? 2 : 1;
  if (url.endsWith('/authorize')) return { endpoint: 'authorize', version };
  if (method !== 'POST') return null;
  if (url.endsWith('/token')) return { endpoint: 'token', version };
  return pageStep.test(url) ? { endpoint: 'sign_in', version: null } : null;
}

function sentAnswer(reply: FastifyReply, payload: unknown): SentAnswer {
  const location = reply.getHeader('location');
  return {
    status: reply.statusCode,
    location: typeof location === 'string' ? location : undefined,
    body: typeof payload === 'string' ? payload : '',
  };
}

function tenantOf({ params }: FastifyRequest): string {
  return typeof params === 'object' && params !== null && 'tenant' in params ? String(params.tenant) : '';
}

function parameterOf({ body, query }: FastifyRequest, name: string): string | null {
  const value: unknown =
    body instanceof Map
      ? body.get(name)
      : Object.entries(query ?? {}).find(([parameter]) => parameter === name)?.[1];
  return typeof value === 'string' ? value : null;
}
