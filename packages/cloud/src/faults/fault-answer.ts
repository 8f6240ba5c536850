import type { FaultService } from './fault-rule.ts';

const tooManyRequests = 429;
const serviceUnavailable = 503;

/** What a service answers when it is busy or broken, in its own envelope. */
export function faultAnswer(service: FaultService, status: number): object {
  return answers[service](status);
}

const answers: Readonly<Record<FaultService, (status: number) => object>> = {
  entra: entraAnswer,
  graph: (status) => ({ error: graphError(status) }),
  crm: (status) => ({ error: crmError(status) }),
};

/** AADSTS90055 is a tenant's throttling, AADSTS90033 a fault of the service. */
function entraAnswer(status: number): object {
  const [code, reason] =
    status === tooManyRequests
      ? [90055, 'The server is terminating the request because of too many requests.']
      : [90033, 'A transient error has occurred. Please try again.'];
  return {
    error: 'temporarily_unavailable',
    error_description: `AADSTS${code}: ${reason}`,
    error_codes: [code],
  };
}

/** Microsoft Graph, "Microsoft Graph error responses and resource types". */
function graphError(status: number): object {
  if (status === tooManyRequests) return { code: 'TooManyRequests', message: 'Too many requests.' };
  if (status === serviceUnavailable) {
    return { code: 'serviceNotAvailable', message: 'The service is temporarily unavailable.' };
  }
  return { code: 'InternalServerError', message: 'An internal server error occurred.' };
}

/** Dataverse, "Service protection API limits". */
function crmError(status: number): object {
  return status === tooManyRequests
    ? {
        code: '0x80072322',
        message: 'Number of requests exceeded the limit of 6000 over time window of 300 seconds.',
      }
    : { code: '0x80040216', message: 'An unexpected error occurred.' };
}
