import { millisecondsPerSecond } from '../ground/durations.ts';
import { tooManyRequests } from '../ground/http-status.ts';

/** By this header a caller says which calls are made again: `safe` (as without it), `always`, `never`. */
export const retryHeader = 'latchkey-retry';

export type RetryWish = 'safe' | 'always' | 'never';

/** @returns null for a value that the header does not have */
export function readRetryWish(value: string | string[] | undefined): RetryWish | null {
  if (value === undefined) return 'safe';
  return value === 'safe' || value === 'always' || value === 'never' ? value : null;
}

const serviceUnavailable = 503;
/** RFC 9110 §9.2.1; of the Web API's, all others may change something. */
const safeMethods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);
const mostTries = 4;
/** Where the answer does not say; doubled with each try. */
const usualWaitMilliseconds = millisecondsPerSecond;

interface AnsweredCall {
  method: string;
  wish: RetryWish;
  /** Whether its body is still there. */
  isReplayable: boolean;
  /** How often it has been made, this time included. */
  tries: number;
  status: number;
  /** What the answer asks for, by `Retry-After`. */
  retryAfterMilliseconds: number | null;
  /** How long the caller still waits. */
  patienceMilliseconds: number;
}

/**
 * Decides whether a call is made again, and in how many milliseconds, exactly when the environment asks for it. That is
 * so for its service protection alone (429, and 503 alike: "Service protection API limits"), which has done nothing of
 * what was asked. 502 and 504 come from in between, where nobody knows.
 *
 * @returns null: the answer goes to the caller
 */
export function decideRetry(call: AnsweredCall): number | null {
  const { method, wish, isReplayable, tries, status, retryAfterMilliseconds, patienceMilliseconds } = call;
  if (status !== tooManyRequests && status !== serviceUnavailable) return null;
  if (wish === 'never' || (wish === 'safe' && !safeMethods.has(method))) return null;
  if (!isReplayable || tries >= mostTries) return null;
  const wait = retryAfterMilliseconds ?? usualWaitMilliseconds * 2 ** (tries - 1);
  return wait <= patienceMilliseconds ? wait : null;
}
