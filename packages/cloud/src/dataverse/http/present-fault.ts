import { dataverseErrors } from '@latchkey/microsoft';
import type { FaultAnswer } from '../../faults/cause-faults.ts';
import { httpStatus } from '../../ground/http-status.ts';

/** What the Web API answers when it is busy or broken (Dataverse, "Service protection API limits"). */
export function presentDataverseFault(status: number): FaultAnswer {
  const error =
    status === httpStatus.tooManyRequests
      ? {
          code: dataverseErrors.numberOfRequestsExceeded,
          message: 'Number of requests exceeded the limit of 6000 over time window of 300 seconds.',
        }
      : { code: dataverseErrors.unexpectedError, message: 'An unexpected error occurred.' };
  return { headers: { 'access-control-expose-headers': 'Retry-After' }, body: { error } };
}
