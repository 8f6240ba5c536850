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
}

const guidForm = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export function traceRequest(
  { clock, random }: Pick<CloudContext, 'clock' | 'random'>,
  request: TracedRequest,
): RequestTrace {
  return {
    traceId: random.guid(),
    correlationId: clientRequestId(request) ?? random.guid(),
    timestamp: formatTimestamp(clock.now()),
  };
}

/** The client's correlation id, or undefined when it sent none that is a GUID. */
export function clientRequestId({ headers }: TracedRequest): string | undefined {
  const value = headers['client-request-id'];
  return typeof value === 'string' && guidForm.test(value) ? value.toLowerCase() : undefined;
}

function formatTimestamp(epochMilliseconds: number): string {
  return new Date(epochMilliseconds)
    .toISOString()
    .replace('T', ' ')
    .replace(/\.\d+Z$/, 'Z');
}
