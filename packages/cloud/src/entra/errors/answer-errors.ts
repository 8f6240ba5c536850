import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { EntraContext } from '../entra-context.ts';
import { sendOutcome, showPage } from '../http/outcome.ts';
import { errorPage } from '../pages/error-page.ts';
import { type EndpointVersion, tokenErrorBody } from './describe-error.ts';
import { EntraError } from './entra-error.ts';
import { clientRequestId, traceRequest } from './trace-request.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The generation of the endpoint; decides the names of some errors. 2 when left out. */
    version?: EndpointVersion;
  }
}

const badRequest = 400;
const notFound = 404;
const serverError = 500;

/** Programs get every failure as OAuth JSON, an unknown address included. */
export function answerErrorsAsJson(app: FastifyInstance, context: EntraContext): void {
  app.setErrorHandler((failure: FastifyError | EntraError, request, reply) => {
    const error = toEntraError(failure, request);
    const status = failure instanceof EntraError ? error.httpStatus : (failure.statusCode ?? serverError);
    return sendJson(context, request, reply, error, status);
  });
  app.setNotFoundHandler((request, reply) =>
    sendJson(context, request, reply, new EntraError(90056), notFound),
  );
}

/** People get every failure as a page. */
export function answerErrorsAsPages(app: FastifyInstance, context: EntraContext): void {
  app.setErrorHandler((failure: FastifyError | EntraError, request, reply) => {
    const error = toEntraError(failure, request);
    const page = errorPage(error, traceRequest(context, request));
    const status = failure instanceof EntraError ? badRequest : (failure.statusCode ?? serverError);
    return sendOutcome(context, reply, showPage({ ...page, status }));
  });
}

function sendJson(
  context: EntraContext,
  request: FastifyRequest,
  reply: FastifyReply,
  error: EntraError,
  status: number,
): FastifyReply {
  const trace = traceRequest(context, request);
  reply.code(status).headers({
    'cache-control': 'no-store, no-cache',
    pragma: 'no-cache',
    'x-ms-request-id': trace.traceId,
  });
  const id = clientRequestId(request);
  if (id && request.headers['return-client-request-id'] === 'true') reply.header('client-request-id', id);
  const { origin } = request.headers;
  if (origin) reply.header('access-control-allow-origin', origin).header('vary', 'Origin');
  return reply.send(tokenErrorBody(error, trace, request.routeOptions.config.version ?? 2));
}

// What Fastify refuses by itself (a body too large, a broken one) is a badly formed request; the rest is our fault.
function toEntraError(failure: FastifyError | EntraError, request: FastifyRequest): EntraError {
  if (failure instanceof EntraError) return failure;
  if (failure.statusCode !== undefined && failure.statusCode < serverError) return new EntraError(90023);
  request.log.error(failure);
  return new EntraError(90033);
}
