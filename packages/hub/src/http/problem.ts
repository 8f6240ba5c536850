import { z } from 'zod';
import { failureSchema } from '../errors/failure-schema.ts';
import { type HubError, type HubErrorCode, toFailure } from '../errors/hub-error.ts';
import { hubErrors } from '../errors/hub-error-table.ts';

export const problemMediaType = 'application/problem+json; charset=utf-8';

/** The shape of every failure (RFC 9457). */
const problemSchema = failureSchema
  .extend({
    type: z.string(),
    status: z.number().int(),
    instance: z.string().describe('The request id, which the hub’s log names too'),
    errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  })
  .meta({ id: 'Problem' });

export type Problem = z.output<typeof problemSchema>;

/** @returns the answer's body; its `status` is the answer's status */
export function toProblem(error: HubError, requestId: string): Problem {
  return {
    type: problemType(error.code),
    status: hubErrors[error.code].status,
    instance: requestId,
    ...toFailure(error),
    ...(error.options.fields && { errors: error.options.fields }),
  };
}

/** A name, not an address: nothing is to be fetched there (RFC 9457 §3.1.1 allows any URI). */
function problemType(code: HubErrorCode): string {
  return `urn:latchkey:problem:${code}`;
}
