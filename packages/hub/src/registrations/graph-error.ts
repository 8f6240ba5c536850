import type { RemoteError } from '@latchkey/api';
import { z } from 'zod';
import { parseJson } from '../ground/read-json.ts';
import type { OutboundResponse } from '../outbound/outbound-http.ts';
import { retryAfterOf } from '../token-endpoint/describe-token-failure.ts';

/** A refusal by Microsoft Graph, taken apart. Its words are Graph's own. */
export class GraphError extends Error {
  readonly status: number;
  /** `Request_BadRequest`, `Authorization_RequestDenied`, …; empty when the answer has no error body. */
  readonly code: string;
  /** `error.details[].code`, which tell a replication delay (`NoBackingApplicationObject`) from a bad request. */
  readonly detailCodes: readonly string[];
  readonly retryAfterMilliseconds: number | null;
  readonly remote: RemoteError;

  constructor(
    options: Pick<GraphError, 'status' | 'code' | 'detailCodes' | 'retryAfterMilliseconds' | 'remote'>,
  ) {
    super(options.remote.message);
    this.name = 'GraphError';
    this.status = options.status;
    this.code = options.code;
    this.detailCodes = options.detailCodes;
    this.retryAfterMilliseconds = options.retryAfterMilliseconds;
    this.remote = options.remote;
  }
}

/** Microsoft Graph, "Microsoft Graph error responses and resource types". */
const errorBody = z.object({
  error: z.object({
    code: z.string().catch(''),
    message: z.string().catch(''),
    innerError: z
      .object({
        date: z.string().optional(),
        'request-id': z.string().optional(),
        'client-request-id': z.string().optional(),
      })
      .optional()
      .catch(undefined),
    details: z.array(z.object({ code: z.string() })).catch([]),
  }),
});

/**
 * Reads a refusal. An answer without Graph's error body (a gateway's page) is a refusal, too: its status still tells
 * whether it passes.
 *
 * @param now epoch milliseconds, for a `Retry-After` that is a date
 */
export function readGraphError(answer: OutboundResponse, now: number): GraphError {
  const { status, headers } = answer;
  const error = errorBody.safeParse(parseJson(answer.body)).data?.error;
  const inner = error?.innerError;
  return new GraphError({
    status,
    code: error?.code ?? '',
    detailCodes: error?.details.map((detail) => detail.code) ?? [],
    retryAfterMilliseconds: retryAfterOf(answer, now),
    remote: {
      system: 'graph',
      code: error?.code || null,
      oauthError: null,
      message: error?.message || `Microsoft Graph answered with HTTP ${status}.`,
      httpStatus: status,
      traceId: inner?.['request-id'] ?? headers['request-id'] ?? null,
      correlationId: inner?.['client-request-id'] ?? headers['client-request-id'] ?? null,
      timestamp: inner?.date ?? null,
      helpLink: null,
    },
  });
}
