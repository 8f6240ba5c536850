import type { FastifyInstance } from 'fastify';
import { httpStatus } from '../ground/http-status.ts';
import type { Faults } from './create-faults.ts';
import { FaultRuleError, readFaultRule } from './read-fault-rule.ts';
import type { ReplicationDelay } from './replication-delay.ts';

const faultsPath = '/_latchkey/faults';
const replicationPath = '/_latchkey/graph-replication';

/**
 * Faults for tests in other processes: `GET`, `POST` a rule and `DELETE` on `/_latchkey/faults`, `DELETE` of one by
 * its id; `GET` and `PUT {"delaySeconds": 10}` on `/_latchkey/graph-replication`.
 */
export function registerFaultControl(
  scope: FastifyInstance,
  { faults, replication }: { faults: Faults; replication: ReplicationDelay },
): void {
  scope.get(faultsPath, async () => ({ faults: faults.list() }));
  scope.post(faultsPath, async (request, reply) => {
    try {
      return reply.code(httpStatus.created).send(faults.add(readFaultRule(request.body)));
    } catch (error) {
      if (!(error instanceof FaultRuleError)) throw error;
      return reply.code(httpStatus.badRequest).send({ error: error.message });
    }
  });
  scope.delete(faultsPath, async (_request, reply) => {
    faults.clear();
    return reply.code(httpStatus.noContent).send();
  });
  scope.delete<{ Params: { id: string } }>(`${faultsPath}/:id`, async (request, reply) => {
    if (faults.remove(request.params.id)) return reply.code(httpStatus.noContent).send();
    return reply.code(httpStatus.notFound).send({ error: 'There is no such fault.' });
  });
  scope.get(replicationPath, async () => ({ delaySeconds: replication.delaySeconds }));
  scope.put(replicationPath, async (request, reply) => {
    const seconds = readDelay(request.body);
    if (seconds === null) {
      return reply
        .code(httpStatus.badRequest)
        .send({ error: 'Expected {"delaySeconds": number}, 0 or more.' });
    }
    replication.delaySeconds = seconds;
    return { delaySeconds: seconds };
  });
}

function readDelay(body: unknown): number | null {
  if (typeof body !== 'object' || body === null || !('delaySeconds' in body)) return null;
  const { delaySeconds } = body;
  return typeof delaySeconds === 'number' && delaySeconds >= 0 ? delaySeconds : null;
}
