import type { FastifyInstance } from 'fastify';
import { httpStatus } from '../ground/http-status.ts';
import type { CloudAddresses } from '../service-origins.ts';
import { judgeControlCaller } from './judge-control-caller.ts';

/**
 * Adds routes below `/_latchkey/` beside Entra ID, for tests in other processes: JSON in and out, for programs on this
 * machine alone. Not there unless asked for at the start.
 */
export function registerAdminApi(
  app: FastifyInstance,
  addresses: CloudAddresses,
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
      const verdict = judgeControlCaller(addresses.entra, request);
      if (!verdict.allowed) await reply.code(httpStatus.forbidden).send({ error: verdict.message });
    });
    for (const control of controls) control(scope);
  });
}
