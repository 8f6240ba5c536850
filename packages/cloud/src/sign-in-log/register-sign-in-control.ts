import type { FastifyInstance } from 'fastify';
import { httpStatus } from '../ground/http-status.ts';
import type { SignInLog } from './create-sign-in-log.ts';

const path = '/_latchkey/sign-ins';

/** The sign-in log for tests in other processes: `GET` (the latest first) and `DELETE` on `/_latchkey/sign-ins`. */
export function registerSignInControl(scope: FastifyInstance, signIns: SignInLog): void {
  scope.get(path, async () => ({ signIns: signIns.list() }));
  scope.delete(path, async (_request, reply) => {
    signIns.clear();
    return reply.code(httpStatus.noContent).send();
  });
}
