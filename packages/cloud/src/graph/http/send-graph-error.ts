import { wellKnownIds } from '@latchkey/microsoft';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { CloudContext } from '../../cloud-context.ts';
import { originOf } from '../../service-origins.ts';
import { GraphError } from '../errors/graph-error.ts';
import type { GraphResource } from '../operation/graph-operation.ts';

/**
 * Answers a failure in Microsoft Graph's envelope (concepts/errors). What no rule foresaw is a 500 that tells
 * nothing of the inside.
 */
export function sendGraphError(
  context: CloudContext,
  failure: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const error = toGraphError(failure);
  if (error.status === 401) reply.header('www-authenticate', challenge(context, request));
  const described = presentGraphError(error, {
    now: context.clock.now(),
    requestId: String(reply.getHeader('request-id')),
    clientRequestId: String(reply.getHeader('client-request-id')),
  });
  return reply.code(error.status).header('content-type', 'application/json').send(JSON.stringify(described));
}

/** Graph's envelope for a failure; `now` in epoch milliseconds. */
export function presentGraphError(
  { code, message, details }: GraphError,
  { now, requestId, clientRequestId }: { now: number; requestId: string; clientRequestId: string },
): GraphResource {
  return {
    error: {
      code,
      message,
      ...(details.length > 0 && { details }),
      innerError: {
        // As the real one: to the second, without a zone.
        date: new Date(now).toISOString().slice(0, 'YYYY-MM-DDTHH:mm:ss'.length),
        'request-id': requestId,
        'client-request-id': clientRequestId,
      },
    },
  };
}

/** Graph quotes the values of its challenge, unlike Dataverse. */
function challenge(context: CloudContext, request: FastifyRequest): string {
  const authority = originOf(context.addresses.entra, request);
  return `Bearer realm="", authorization_uri="${authority}/common/oauth2/authorize", client_id="${wellKnownIds.microsoftGraph}"`;
}

function toGraphError(failure: unknown): GraphError {
  if (failure instanceof GraphError) return failure;
  // Fastify's own refusals: a body too large, a header that can't be.
  const status = statusOf(failure);
  if (failure instanceof Error && status !== undefined && status < 500) {
    return new GraphError(status, 'BadRequest', failure.message);
  }
  return new GraphError(500, 'InternalServerError', 'An unexpected error occurred in the local cloud.');
}

function statusOf(failure: unknown): number | undefined {
  if (typeof failure !== 'object' || failure === null || !('statusCode' in failure)) return undefined;
  return typeof failure.statusCode === 'number' ? failure.statusCode : undefined;
}
