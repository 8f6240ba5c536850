import type { FastifyRequest } from 'fastify';
import type { CloudContext } from '../../cloud-context.ts';
import type { FaultAnswer } from '../../faults/cause-faults.ts';
import { httpStatus } from '../../ground/http-status.ts';
import { GraphError } from '../errors/graph-error.ts';
import { presentGraphError } from './send-graph-error.ts';

/** What Graph answers when it is busy or broken (Microsoft Graph, "Microsoft Graph error responses and resource types"). */
export function presentGraphFault(
  { clock, random }: Pick<CloudContext, 'clock' | 'random'>,
  status: number,
  { headers }: FastifyRequest,
): FaultAnswer {
  const requestId = random.guid();
  const clientRequestId = headers['client-request-id']?.toString() ?? requestId;
  return {
    headers: {
      'request-id': requestId,
      'client-request-id': clientRequestId,
      'access-control-expose-headers': 'Retry-After',
    },
    body: presentGraphError(faultError(status), { now: clock.now(), requestId, clientRequestId }),
  };
}

function faultError(status: number): GraphError {
  if (status === httpStatus.tooManyRequests)
    return new GraphError(status, 'TooManyRequests', 'Too many requests.');
  if (status === httpStatus.serviceUnavailable) {
    return new GraphError(status, 'serviceNotAvailable', 'The service is temporarily unavailable.');
  }
  return new GraphError(status, 'InternalServerError', 'An internal server error occurred.');
}
