import { z } from 'zod';

/** A moment as JSON carries it. */
export const timeSchema = z.string().describe('ISO 8601, UTC');

export const whoActsSchema = z.enum(['user', 'administrator', 'developer', 'operator', 'nobody']);
/** Who has to act so that a failure ends; `nobody` means that waiting is enough. */
export type WhoActs = z.output<typeof whoActsSchema>;

const remoteErrorSchema = z.object({
  /** `entra`, `graph`, `dataverse`, or `network` when no answer came. */
  system: z.enum(['entra', 'graph', 'dataverse', 'network']),
  /** `AADSTS7000215`, `0x80072560`, `Request_ResourceNotFound`, `ECONNREFUSED`, … */
  code: z.string().nullable(),
  /** The OAuth `error` value, where there is one. */
  oauthError: z.string().nullable(),
  message: z.string(),
  httpStatus: z.number().nullable(),
  traceId: z.string().nullable(),
  correlationId: z.string().nullable(),
  timestamp: z.string().nullable(),
  /** Microsoft's look-up page for the code. */
  helpLink: z.string().nullable(),
});
/** What the remote system said, in its own words less the secrets sent to it, with the ids its support asks for. */
export type RemoteError = z.output<typeof remoteErrorSchema>;

export const failureSchema = z.object({
  /** Stable snake_case code of the hub. */
  code: z.string(),
  title: z.string(),
  detail: z.string(),
  whoActs: whoActsSchema,
  remedy: z.string(),
  remote: remoteErrorSchema.nullable(),
});
/** A failure as the API, a stored state and a test step show it: what happened, who acts, what to do. */
export type Failure = z.output<typeof failureSchema>;

export const problemSchema = failureSchema
  .extend({
    type: z.string(),
    status: z.number().int(),
    instance: z.string().describe('The request id, which the hub’s log names too'),
    /** Field errors of a refused body, by JSON path. */
    errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
    retryAfterSeconds: z
      .number()
      .int()
      .optional()
      .describe('In how long to ask again, where that is known; the header Retry-After says the same'),
  })
  .meta({ id: 'Problem' });
/** The shape of every failure that is an answer: `application/problem+json` (RFC 9457). */
export type Problem = z.output<typeof problemSchema>;
