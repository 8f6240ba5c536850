import { aadsts } from '@latchkey/microsoft';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { allowOrigin } from '../web/allow-origin.ts';
import type { KnownMethods } from '../web/known-methods.ts';
import { FormError } from '../web/parse-form.ts';
import type { EntraContext } from './entra-context.ts';
import { EntraError } from './errors/entra-error.ts';
import { explainFormError } from './errors/explain-form-error.ts';
import { type EndpointVersion, presentTokenError } from './errors/present-error.ts';
import { traceRequest } from './errors/trace-request.ts';
import { sendOutcome, showPage } from './http/outcome.ts';
import { errorPage } from './pages/error-page.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The generation of the endpoint; decides the names of some errors. 2 when left out. */
    version?: EndpointVersion;
  }
}

const badRequest = 400;
const notFound = 404;
const unsupportedMediaType = 415;
const serverError = 500;
/** An endpoint's path without the tenant in front. */
const withoutTenant = /^\/(?:oauth2|v2\.0|adminconsent|openid|discovery|\.well-known)(?:\/|$)/i;

/** Programs get every failure as OAuth JSON, a wrong address or method included; browsers get a page. */
export function answerErrorsAsJson(
  app: FastifyInstance,
  context: EntraContext,
  knownMethods: KnownMethods,
): void {
  app.setErrorHandler((failure: FastifyError | EntraError | FormError, request, reply) => {
    const error = toEntraError(failure, request);
    return sendJson(context, request, reply, error, statusOf(failure, error.httpStatus));
  });
  app.setNotFoundHandler((request, reply) => {
    const error = explainUnserved(request, knownMethods);
    const status = error.code === aadsts.badResourceRequest ? notFound : badRequest;
    // Programs, too, may say that they take HTML (Java's do), but they post.
    const isBrowser = request.method === 'GET' && request.headers.accept?.startsWith('text/html') === true;
    if (!isBrowser) {
      return sendJson(context, request, reply, error, status);
    }
    const page = errorPage(error, traceRequest(context, request));
    return sendOutcome(context, reply, showPage({ ...page, status }));
  });
}

/** People get every failure as a page. */
export function answerErrorsAsPages(app: FastifyInstance, context: EntraContext): void {
  app.setErrorHandler((failure: FastifyError | EntraError | FormError, request, reply) => {
    const error = toEntraError(failure, request);
    const page = errorPage(error, traceRequest(context, request));
    return sendOutcome(context, reply, showPage({ ...page, status: statusOf(failure, badRequest) }));
  });
}

/** What is wrong with a request that no route took: its method, a missing tenant, or the address. */
function explainUnserved({ method, url }: FastifyRequest, knownMethods: KnownMethods): EntraError {
  const [path = ''] = url.split('?', 1);
  const known = knownMethods(path);
  if (known.length > 0)
    return new EntraError(aadsts.methodNotAllowed, { method: known.join(', '), received: method });
  return new EntraError(withoutTenant.test(path) ? aadsts.missingTenantRealm : aadsts.badResourceRequest);
}

function sendJson(
  context: EntraContext,
  request: FastifyRequest,
  reply: FastifyReply,
  error: EntraError,
  status: number,
): FastifyReply {
  const trace = traceRequest(context, request);
  reply.code(status).headers({ 'cache-control': 'no-store, no-cache', pragma: 'no-cache' });
  allowOrigin(request, reply);
  return reply.send(presentTokenError(error, trace, request.routeOptions.config.version ?? 2));
}

// A body in a form that can't be read is a bad request like any other here; Fastify tells it apart.
function statusOf(failure: FastifyError | EntraError | FormError, own: number): number {
  if (failure instanceof EntraError || failure instanceof FormError) return own;
  return failure.statusCode === unsupportedMediaType ? badRequest : (failure.statusCode ?? serverError);
}

// What Fastify refuses by itself (a body too large, a broken one) is a badly formed request; the rest is our fault.
function toEntraError(failure: FastifyError | EntraError | FormError, request: FastifyRequest): EntraError {
  if (failure instanceof EntraError) return failure;
  if (failure instanceof FormError) return explainFormError(failure);
  if (failure.statusCode !== undefined && failure.statusCode < serverError)
    return new EntraError(aadsts.invalidRequestFormat);
  request.log.error(failure);
  return new EntraError(aadsts.directoryServiceUnavailable);
}
