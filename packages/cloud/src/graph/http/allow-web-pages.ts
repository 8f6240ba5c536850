import type { FastifyInstance } from 'fastify';

const preflightStatus = 200;
const methods = 'GET, POST, PATCH, DELETE, OPTIONS';
/** What scripts may read of an answer besides its body. */
const readableHeaders =
  'ETag, Location, Preference-Applied, request-id, client-request-id, WWW-Authenticate, Retry-After';

/**
 * Lets scripts of web pages call Graph from any origin, as the real one does: single page apps bring their token
 * themselves, no cookie goes along. Preflights are answered before anybody is asked who they are (Fetch Standard,
 * "CORS-preflight request").
 */
export function allowWebPages(app: FastifyInstance): void {
  app.addHook('onRequest', (request, reply, done) => {
    if (request.headers.origin !== undefined) {
      reply.headers({
        'access-control-allow-origin': '*',
        'access-control-expose-headers': readableHeaders,
      });
    }
    if (request.method !== 'OPTIONS' || request.headers['access-control-request-method'] === undefined) {
      done();
      return;
    }
    void reply
      .code(preflightStatus)
      .headers({
        'access-control-allow-methods': methods,
        'access-control-allow-headers': request.headers['access-control-request-headers'] ?? '*',
        'access-control-max-age': '3600',
      })
      .send();
  });
}
