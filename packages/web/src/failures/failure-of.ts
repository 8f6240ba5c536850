import { type Failure, HubProblemError, HubUnreachableError, type Problem } from '@latchkey/client';

/** An error that already carries what to show of it. */
export class FailureError extends Error {
  override readonly name = 'FailureError';
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.detail);
    this.failure = failure;
  }
}

/** What to show of anything that a call to the hub threw. */
export function failureOf(error: unknown): Failure | Problem {
  if (error instanceof HubProblemError) return error.problem;
  if (error instanceof FailureError) return error.failure;
  if (error instanceof HubUnreachableError) {
    return {
      code: 'hub_unreachable',
      title: 'The hub does not answer',
      detail: error.message,
      whoActs: 'operator',
      remedy: 'Check that the hub is running and that this computer reaches it, then try again.',
      remote: null,
    };
  }
  return {
    code: 'page_failed',
    title: 'This page could not go on',
    detail: error instanceof Error ? error.message : 'Something was thrown that is not an error.',
    whoActs: 'developer',
    remedy: 'Reload the page. If it happens again, report it with the words above.',
    remote: null,
  };
}
