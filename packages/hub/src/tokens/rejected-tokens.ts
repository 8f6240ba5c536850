import { standingFailureSide } from '../evidence/judge-failure.ts';
import { millisecondsPerHour, millisecondsPerMinute } from '../ground/durations.ts';
import type { TokenState } from './read-token-state.ts';

/** After the first fresh token that was rejected; each further one doubles it. */
const firstPause = millisecondsPerMinute;
const longestPause = millisecondsPerHour;

/**
 * An environment that answers 401 to one fresh token answers it to the next one, too, and who asks for a token a call is
 * refused by Microsoft in the end (AADSTS50196). So the first 401 is healed at once, and while the environment does not
 * answer well in between, the next ones after a minute, two, four, up to an hour, by the count that all processes share.
 *
 * @returns when Microsoft may be asked for another token, in epoch milliseconds
 */
export function nextRefreshAfterRejection({ tokenSet }: Pick<TokenState, 'tokenSet'>): number {
  const { rejected_in_a_row: rejected, obtained_at: obtainedAt } = tokenSet;
  if (rejected === 0 || obtainedAt === null) return 0;
  return obtainedAt + Math.min(firstPause * 2 ** (rejected - 1), longestPause);
}

/** Tokens that the environment goes on refusing. */
export interface RejectedTokens {
  inARow: number;
  /** Before this no call makes the hub ask for another token. */
  nextTokenAt: number;
}

/** @returns what is shown of a connection; null where a 401 was healed, or nothing was refused */
export function rejectedTokens(state: TokenState): RejectedTokens | null {
  const { rejected_in_a_row: inARow } = state.tokenSet;
  if (inARow === 0 || standingFailureSide(state.connection) !== 'environment') return null;
  return { inARow, nextTokenAt: nextRefreshAfterRejection(state) };
}
