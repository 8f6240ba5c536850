import type { HubContext } from '../hub-context.ts';
import type { HubApp } from './hub-app.ts';
import { problemMediaType, toProblem } from './problem.ts';
import { toHubError } from './to-hub-error.ts';

const serverFailure = 500;

/** Turns whatever a route throws into `application/problem+json`, and logs what the operator has to know. */
export function answerProblems(app: HubApp, context: HubContext): void {
  app.setErrorHandler(async (thrown, request, reply) => {
    const error = toHubError(thrown, context.config);
    const problem = toProblem(error, request.id);
    if (problem.status === serverFailure) {
      context.log.error({ requestId: request.id, code: error.code, err: error }, 'request failed');
    }
    if (
      error.code === 'not_signed_in' ||
      error.code === 'api_key_unknown' ||
      error.code === 'api_key_revoked'
    ) {
      // RFC 9110 §11.6.1: a 401 names the scheme.
      reply.header('www-authenticate', 'Bearer');
    }
    reply.code(problem.status).header('cache-control', 'no-store').type(problemMediaType);
    // The text itself: a route's own response schemas do not know problems.
    return reply.serializer(JSON.stringify).send(problem);
  });
}
