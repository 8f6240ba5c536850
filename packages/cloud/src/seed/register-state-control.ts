import type { FastifyInstance } from 'fastify';
import { httpStatus } from '../ground/http-status.ts';
import type { CloudState } from './cloud-state.ts';

/**
 * The state for tests in other processes: `GET /_latchkey/seed` (the present state as a seed file) and
 * `POST /_latchkey/reset`.
 */
export function registerStateControl(scope: FastifyInstance, state: CloudState): void {
  scope.get('/_latchkey/seed', async (_request, reply) => {
    // Loaded when asked for: most starts do without.
    const { stringify } = await import('yaml');
    return reply.type('application/yaml; charset=utf-8').send(stringify(state.exportSeed()));
  });
  scope.post('/_latchkey/reset', async (_request, reply) => {
    state.reset();
    return reply.code(httpStatus.noContent).send();
  });
}
