import { aadsts, dataverseErrors } from '@latchkey/microsoft';
import type { FastifyRequest } from 'fastify';
import type { CloudContext } from '../cloud-context.ts';
import { tokenErrorBody } from '../entra/errors/describe-error.ts';
import { EntraError } from '../entra/errors/entra-error.ts';
import { traceRequest } from '../entra/errors/trace-request.ts';
import { GraphError } from '../graph/errors/graph-error.ts';
import { describeGraphError } from '../graph/http/send-graph-error.ts';
import type { FaultService } from './fault-rule.ts';

const tooManyRequests = 429;
const serviceUnavailable = 503;
const gatewayTimeout = 504;

export type FaultContext = Pick<CloudContext, 'clock' | 'random'>;

interface FaultAnswer {
  headers: Record<string, string>;
  body: object;
}

type AnswerFault = (status: number, request: FastifyRequest, context: FaultContext) => FaultAnswer;

/** What each service answers when it is busy or broken, in its own envelope. */
export const faultAnswers: Readonly<Record<FaultService, AnswerFault>> = {
  entra: answerAsEntra,
  graph: answerAsGraph,
  crm: (status) => ({ headers: {}, body: { error: crmError(status) } }),
};

/** AADSTS90055 is a tenant's throttling, AADSTS90012 a time-out, AADSTS90033 any other fault of the service. */
function answerAsEntra(status: number, request: FastifyRequest, context: FaultContext): FaultAnswer {
  const code =
    { [tooManyRequests]: aadsts.tenantThrottled, [gatewayTimeout]: aadsts.requestTimeout }[status] ??
    aadsts.directoryServiceUnavailable;
  const version = request.routeOptions.config.version ?? 2;
  return { headers: {}, body: tokenErrorBody(new EntraError(code), traceRequest(context, request), version) };
}

/** Microsoft Graph, "Microsoft Graph error responses and resource types". */
function answerAsGraph(
  status: number,
  { headers }: FastifyRequest,
  { clock, random }: FaultContext,
): FaultAnswer {
  const requestId = random.guid();
  const clientRequestId = headers['client-request-id']?.toString() ?? requestId;
  return {
    headers: { 'request-id': requestId, 'client-request-id': clientRequestId },
    body: describeGraphError(graphError(status), { now: clock.now(), requestId, clientRequestId }),
  };
}

function graphError(status: number): GraphError {
  if (status === tooManyRequests) return new GraphError(status, 'TooManyRequests', 'Too many requests.');
  if (status === serviceUnavailable) {
    return new GraphError(status, 'serviceNotAvailable', 'The service is temporarily unavailable.');
  }
  return new GraphError(status, 'InternalServerError', 'An internal server error occurred.');
}

/** Dataverse, "Service protection API limits". */
function crmError(status: number): object {
  return status === tooManyRequests
    ? {
        code: dataverseErrors.numberOfRequestsExceeded,
        message: 'Number of requests exceeded the limit of 6000 over time window of 300 seconds.',
      }
    : { code: dataverseErrors.unexpectedError, message: 'An unexpected error occurred.' };
}
