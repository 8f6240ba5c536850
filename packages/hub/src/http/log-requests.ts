import type { HubContext } from '../hub-context.ts';
import type { HubApp } from './hub-app.ts';

/**
 * One line a request, when it is over: the route's pattern instead of the address, since addresses may carry ids and
 * codes; no query, no header, no body. (Fastify's own two lines a request halve the throughput.)
 */
export function logRequests(app: HubApp, { log }: HubContext): void {
  if (!log.isLevelEnabled('info')) return;
  app.addHook('onResponse', (request, reply, done) => {
    log.info(
      {
        requestId: request.id,
        method: request.method,
        route: request.routeOptions.url ?? null,
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime * 10) / 10,
      },
      'request',
    );
    done();
  });
}
