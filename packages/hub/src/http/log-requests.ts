import type { FastifyRequest } from 'fastify';
import type { HubContext } from '../hub-context.ts';
import type { HubApp } from './hub-app.ts';

/** @returns by what the log knows who makes a request, never a secret; null where nobody has been recognised */
export type NameCaller = (request: FastifyRequest) => string | null;

/**
 * What the log says of a request: the route's pattern instead of the address, since addresses may carry ids and codes;
 * no query, no header, no body.
 */
export function describeRequest(request: FastifyRequest, nameCaller: NameCaller) {
  return {
    requestId: request.id,
    method: request.method,
    route: request.routeOptions.url ?? null,
    caller: nameCaller(request),
  };
}

/** One line a request, when it is over. (Fastify's own two lines a request halve the throughput.) */
export function logRequests(app: HubApp, { log }: HubContext, nameCaller: NameCaller): void {
  if (!log.isLevelEnabled('info')) return;
  app.addHook('onResponse', (request, reply, done) => {
    log.info(
      {
        ...describeRequest(request, nameCaller),
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime * 10) / 10,
      },
      'request',
    );
    done();
  });
}
