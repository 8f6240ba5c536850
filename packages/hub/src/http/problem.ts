import type { Problem } from '@latchkey/api';
import { type HubError, type HubErrorCode, toFailure } from '../errors/hub-error.ts';
import { hubErrors } from '../errors/hub-error-table.ts';
import { millisecondsPerSecond } from '../ground/durations.ts';

export const problemMediaType = 'application/problem+json; charset=utf-8';

/** @returns the answer's body; its `status` is the answer's status */
export function presentProblem(error: HubError, requestId: string): Problem {
  const { retryAfterMilliseconds } = error.options;
  return {
    type: problemType(error.code),
    status: hubErrors[error.code].status,
    instance: requestId,
    ...toFailure(error),
    ...(error.options.fields && { errors: error.options.fields }),
    ...(retryAfterMilliseconds !== undefined && {
      retryAfterSeconds: wholeSeconds(retryAfterMilliseconds),
    }),
  };
}

/** Rounded up, and never 0, by which callers would ask again at once. */
function wholeSeconds(milliseconds: number): number {
  return Math.max(1, Math.ceil(milliseconds / millisecondsPerSecond));
}

/** A name, not an address: nothing is to be fetched there (RFC 9457 §3.1.1 allows any URI). */
function problemType(code: HubErrorCode): string {
  return `urn:latchkey:problem:${code}`;
}
