import { aadsts } from '@latchkey/microsoft';
import type { FastifyRequest } from 'fastify';
import type { CloudContext } from '../../cloud-context.ts';
import type { FaultAnswer } from '../../faults/cause-faults.ts';
import { EntraError } from './entra-error.ts';
import { presentTokenError } from './present-error.ts';
import { traceRequest } from './trace-request.ts';

const tooManyRequests = 429;
const gatewayTimeout = 504;

/**
 * What Entra ID answers when it is busy or broken: AADSTS90055 is a tenant's throttling, AADSTS90012 a time-out,
 * AADSTS90033 any other fault of the service.
 */
export function presentEntraFault(
  context: Pick<CloudContext, 'clock' | 'random'>,
  status: number,
  request: FastifyRequest,
): FaultAnswer {
  const code =
    { [tooManyRequests]: aadsts.tenantThrottled, [gatewayTimeout]: aadsts.requestTimeout }[status] ??
    aadsts.directoryServiceUnavailable;
  const version = request.routeOptions.config.version ?? 2;
  return {
    headers: {},
    body: presentTokenError(new EntraError(code), traceRequest(context, request), version),
  };
}
