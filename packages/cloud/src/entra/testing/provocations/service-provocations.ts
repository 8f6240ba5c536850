import type { FaultEffect } from '../../../faults/fault-rule.ts';
import { askAppToken, type Provocation } from './provocation.ts';

/** Codes of a service that is busy or broken, by a fault on purpose. */
export const serviceProvocations: readonly Provocation[] = [
  provocation(90055, 'Let it be throttled: the fault `throttle`.', {
    kind: 'throttle',
    retryAfterSeconds: 1,
  }),
  provocation(90012, 'Let it time out: the fault `server_error` with status 504.', {
    kind: 'server_error',
    status: 504,
  }),
  provocation(90033, 'Let it fail: the fault `server_error` with another status.', {
    kind: 'server_error',
    status: 503,
  }),
];

function provocation(code: number, how: string, effect: FaultEffect): Provocation {
  return {
    code,
    how,
    provoke: (entra) => {
      entra.context.faults.add({ service: 'entra', effect });
      return askAppToken(entra);
    },
  };
}
