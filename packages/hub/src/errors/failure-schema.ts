import { z } from 'zod';

/** A moment as JSON carries it. */
export const timeSchema = z.string().describe('ISO 8601, UTC');

export const whoActsSchema = z.enum(['user', 'administrator', 'developer', 'operator', 'nobody']);

const remoteErrorSchema = z.object({
  system: z.enum(['entra', 'graph', 'dataverse', 'network']),
  code: z.string().nullable(),
  oauthError: z.string().nullable(),
  message: z.string(),
  httpStatus: z.number().nullable(),
  traceId: z.string().nullable(),
  correlationId: z.string().nullable(),
  timestamp: z.string().nullable(),
  helpLink: z.string().nullable(),
});

/** A failure as a stored state and a step show it: the shape of `Failure`. */
export const failureSchema = z.object({
  code: z.string(),
  title: z.string(),
  detail: z.string(),
  whoActs: whoActsSchema,
  remedy: z.string(),
  remote: remoteErrorSchema.nullable(),
});
