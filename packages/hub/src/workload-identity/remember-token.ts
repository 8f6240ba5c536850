import { millisecondsPerSecond } from '../ground/durations.ts';

/** Platforms limit how often they are asked; their tokens live for minutes at least. */
const keptMilliseconds = 30 * millisecondsPerSecond;

/**
 * Lets many requests share one answer: those of the same moment, and of the half minute after it. By the machine's steady
 * clock, which nobody sets.
 */
export function rememberToken(fetchToken: () => Promise<string>): () => Promise<string> {
  let shared: { token: Promise<string>; since: number } | null = null;
  return () => {
    const now = performance.now();
    if (shared && now - shared.since < keptMilliseconds) return shared.token;
    const asked = { token: fetchToken(), since: now };
    shared = asked;
    asked.token.catch(() => {
      // A failure is nobody else's.
      if (shared === asked) shared = null;
    });
    return asked.token;
  };
}
