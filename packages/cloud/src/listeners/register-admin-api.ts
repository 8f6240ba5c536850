import type { FastifyInstance, FastifyRequest } from 'fastify';
import { httpStatus } from '../ground/http-status.ts';

const loopback = /^(?:127\.|::1$|::ffff:127\.)/;

/**
 * Adds routes below `/_latchkey/` beside a service, for tests in other processes: JSON in and out, from this machine
 * alone. Not there unless asked for at the start.
 */
export function registerAdminApi(
  app: FastifyInstance,
  controls: readonly ((scope: FastifyInstance) => void)[],
): void {
  // An own context: the service beside it reads bodies in its own way.
  void app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(
      'application/json',
      { parseAs: 'string' },
      scope.getDefaultJsonParser('error', 'error'),
    );
    scope.addHook('onRequest', async (request, reply) => {
      if (!fromThisMachine(request))
        await reply.code(httpStatus.forbidden).send({ error: 'Only from this machine.' });
    });
    for (const control of controls) control(scope);
  });
}

function fromThisMachine(request: FastifyRequest): boolean {
  return loopback.test(request.socket.remoteAddress ?? '');
}
