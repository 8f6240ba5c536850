import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { httpStatus } from '../ground/http-status.ts';

/** Pages of single page apps may read the answer; who may redeem is decided by the grant. */
export function allowOrigin({ headers: { origin } }: FastifyRequest, reply: FastifyReply): void {
  if (origin) reply.header('access-control-allow-origin', origin).header('vary', 'Origin');
}

/** Answers a browser that asks whether its page may send the real request (Fetch Standard, "CORS-preflight request"). */
export function answerPreflight(app: FastifyInstance, path: string, methods: string): void {
  app.options(path, (request, reply) => {
    allowOrigin(request, reply);
    return reply
      .code(httpStatus.noContent)
      .header('access-control-allow-methods', methods)
      .header('access-control-allow-headers', request.headers['access-control-request-headers'] ?? '*')
      .send();
  });
}
