import { isGuid } from '@latchkey/microsoft';
import type { FastifyInstance } from 'fastify';
import type { CloudContext } from '../../cloud-context.ts';

/** What support asks for: ids of this answer and of the client's request, and the time. */
export interface RequestTrace {
  traceId: string;
  /** The client's own `client-request-id` when it sent a GUID. */
  correlationId: string;
  /** `2026-01-09 02:02:12Z` */
  timestamp: string;
}

interface TracedRequest {
  headers: Record<string, string | string[] | undefined>;
  traceId: string;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** The answer's `x-ms-request-id`, which its page or error names too. */
    traceId: string;
  }
}

/** Gives each answer an id of its own, and the client's id back where it wants that. */
export function traceAnswers(app: FastifyInstance, { random }: Pick<CloudContext, 'random'>): void {
  app.decorateRequest('traceId', '');
  app.addHook('onRequest', (request, reply, done) => {
    request.traceId = random.guid();
    reply.header('x-ms-request-id', request.traceId);
    if (request.headers['return-client-request-id']?.toString().toLowerCase() === 'true') {
      const id = clientRequestId(request);
      if (id) reply.header('client-request-id', id);
    }
    done();
  });
}

export function traceRequest(
  { clock, random }: Pick<CloudContext, 'clock' | 'random'>,
  request: TracedRequest,
): RequestTrace {
  return {
    traceId: request.traceId,
    correlationId: clientRequestId(request) ?? random.guid(),
    timestamp: formatTimestamp(clock.now()),
  };
}

/** The client's correlation id, or undefined when it sent none that is a GUID. */
function clientRequestId({ headers }: Pick<TracedRequest, 'headers'>): string | undefined {
  const value = headers['client-request-id'];
  return typeof value === 'string' && isGuid(value) ? value.toLowerCase() : undefined;
}

function formatTimestamp(epochMilliseconds: number): string {
  return new Date(epochMilliseconds)
    .toISOString()
    .replace('T', ' ')
    .replace(/\.\d+Z$/, 'Z');
}
