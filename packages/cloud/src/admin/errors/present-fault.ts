import type { FaultAnswer } from '../../faults/cause-faults.ts';
import { httpStatus } from '../../ground/http-status.ts';

/** What the administration APIs answer when they are busy or broken (Azure Resource Manager, "Common error codes"). */
export function presentAdminFault(status: number): FaultAnswer {
  return { headers: {}, body: { error: faultError(status) } };
}

function faultError(status: number): { code: string; message: string } {
  if (status === httpStatus.tooManyRequests) {
    return {
      code: 'TooManyRequests',
      message: 'The number of requests exceeded the limit. Please try again later.',
    };
  }
  if (status === httpStatus.serviceUnavailable) {
    return { code: 'ServerUnavailable', message: 'The service is temporarily unavailable.' };
  }
  return {
    code: 'InternalServerError',
    message: 'The server encountered an internal error. Please retry the request.',
  };
}
