import type { FastifyReply, FastifyRequest } from 'fastify';
import { internalServerError, unauthorized } from '../ground/http-status.ts';
import type { HubContext } from '../hub-context.ts';
import type { HubApp } from './hub-app.ts';
import { presentProblem, problemMediaType } from './problem.ts';
import { toHubError } from './to-hub-error.ts';

/** Turns whatever a route throws into `application/problem+json`, and logs what the operator has to know. */
export function answerProblems(app: HubApp, context: HubContext): void {
  app.setErrorHandler((thrown, request, reply) => sendProblem(context, { thrown, request, reply }));
}

/** @returns the reply, on its way */
export function sendProblem(
  { config, log }: HubContext,
  { thrown, request, reply }: { thrown: unknown; request: FastifyRequest; reply: FastifyReply },
): FastifyReply {
  const error = toHubError(thrown, config);
  const problem = presentProblem(error, request.id);
  if (problem.status === internalServerError) {
    log.error({ requestId: request.id, code: error.code, err: error }, 'request failed');
  }
  // RFC 9110 §11.6.1: a 401 names the scheme.
  if (problem.status === unauthorized) reply.header('www-authenticate', 'Bearer');
  reply.code(problem.status).header('cache-control', 'no-store').type(problemMediaType);
  // The text itself: a route's own response schemas do not know problems.
  return reply.serializer(JSON.stringify).send(problem);
}
