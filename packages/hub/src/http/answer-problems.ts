import type { FastifyReply, FastifyRequest } from 'fastify';
import { firstServerError, internalServerError, unauthorized } from '../ground/http-status.ts';
import type { HubContext } from '../hub-context.ts';
import type { HubApp } from './hub-app.ts';
import { describeRequest, type NameCaller } from './log-requests.ts';
import { presentProblem, problemMediaType } from './problem.ts';
import { toHubError } from './to-hub-error.ts';

/** How problems are sent. */
export interface ProblemContext extends Pick<HubContext, 'config' | 'log'> {
  nameCaller: NameCaller;
}

/** Turns whatever a route throws into `application/problem+json`, and logs what the operator has to know. */
export function answerProblems(app: HubApp, context: ProblemContext): void {
  app.setErrorHandler((thrown, request, reply) => sendProblem(context, { thrown, request, reply }));
}

/** @returns the reply, on its way */
export function sendProblem(
  { config, log, nameCaller }: ProblemContext,
  { thrown, request, reply }: { thrown: unknown; request: FastifyRequest; reply: FastifyReply },
): FastifyReply {
  const error = toHubError(thrown, config);
  const problem = presentProblem(error, request.id);
  const { status, code, retryAfterSeconds } = problem;
  if (status >= firstServerError) {
    const facts = { ...describeRequest(request, nameCaller), status, code };
    // What nobody expected is a matter for whoever mends the hub; the rest is one of the network or of its settings.
    if (status === internalServerError) log.error({ ...facts, err: error }, 'request failed');
    else log.warn({ ...facts, cause: error }, 'request failed');
  }
  const { missingScope } = error.options;
  // RFC 9110 §11.6.1: a 401 names the scheme.
  if (status === unauthorized) reply.header('www-authenticate', 'Bearer');
  // RFC 6750 §3.1.
  if (missingScope !== undefined) {
    reply.header('www-authenticate', `Bearer error="insufficient_scope", scope="${missingScope}"`);
  }
  // RFC 9110 §10.2.3.
  if (retryAfterSeconds !== undefined) reply.header('retry-after', retryAfterSeconds);
  reply.code(status).header('cache-control', 'no-store').type(problemMediaType);
  // The text itself: a route's own response schemas do not know problems.
  return reply.serializer(JSON.stringify).send(problem);
}
