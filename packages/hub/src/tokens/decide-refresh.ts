import { millisecondsPerMinute } from '../ground/durations.ts';

/** Whoever asks for a longer life than tokens have must not cost a token a call (AADSTS50196). */
const shortestBetweenForLife = millisecondsPerMinute;

/** Refreshing begins this long before the end, or at a tenth of the life where that is more. */
const minimumLead = 5 * millisecondsPerMinute;
const leadShareOfLife = 0.1;
/** Connections of the same age are spread over this share of the life, so that they don't all refresh at once. */
const jitterShareOfLife = 0.05;
/** A token that lives only minutes is still used for half of its life. */
const maximumLeadShareOfLife = 0.5;

export interface TokenLife {
  obtainedAt: number | null;
  expiresAt: number | null;
  /** Digest of the access token; null without one. It spreads the refreshes, the same in every process. */
  accessTokenDigest: string | null;
}

export interface RefreshQuestion extends TokenLife {
  now: number;
  /** For whoever asks the token has to live at least so many milliseconds more. */
  minimumLife: number;
  /** There is a refresh token, or the app asks for a token of its own. */
  refreshable: boolean;
  /** Microsoft has refused for good; only a sign-in, another secret or an explicit test changes that. */
  refused: boolean;
  /** After a transient failure: not before this time. */
  nextTryAt: number | null;
}

/** What to do with a connection's access token, and why. `use` and `fail` ask nobody. */
export type RefreshDecision =
  | { action: 'use'; reason: 'fresh' | 'not_refreshable' | 'refused' | 'backing_off' }
  | { action: 'refresh'; reason: 'due' | 'life_too_short' | 'ended' | 'no_token' }
  | { action: 'fail'; reason: 'not_refreshable' | 'refused' | 'backing_off' | 'just_refreshed' };

/**
 * Decides whether the access token is to be refreshed. A token that still lives is served whatever happened to the
 * refresh, since Microsoft does not take issued access tokens back when it refuses a new one.
 */
export function decideRefresh(question: RefreshQuestion): RefreshDecision {
  const { now, expiresAt, refreshable, refused, nextTryAt } = question;
  const dueAt = refreshDueAt(question);
  const left = expiresAt !== null && question.accessTokenDigest !== null ? expiresAt - now : 0;
  const alive = left > 0 && left >= question.minimumLife;
  if (alive && dueAt !== null && now < dueAt) return { action: 'use', reason: 'fresh' };
  const action = alive ? 'use' : 'fail';
  if (!refreshable) return { action, reason: 'not_refreshable' };
  if (refused) return { action, reason: 'refused' };
  if (nextTryAt !== null && now < nextTryAt) return { action, reason: 'backing_off' };
  if (alive) return { action: 'refresh', reason: 'due' };
  if (left > 0) {
    const isJustRefreshed =
      question.obtainedAt !== null && now - question.obtainedAt < shortestBetweenForLife;
    return isJustRefreshed
      ? { action: 'fail', reason: 'just_refreshed' }
      : { action: 'refresh', reason: 'life_too_short' };
  }
  return { action: 'refresh', reason: question.accessTokenDigest === null ? 'no_token' : 'ended' };
}

/** @returns when the access token is to be refreshed ahead of its end, in epoch milliseconds; null without a token */
export function refreshDueAt({ obtainedAt, expiresAt, accessTokenDigest }: TokenLife): number | null {
  if (obtainedAt === null || expiresAt === null || accessTokenDigest === null) return null;
  const life = Math.max(0, expiresAt - obtainedAt);
  const lead = Math.max(minimumLead, life * leadShareOfLife);
  const jitter = life * jitterShareOfLife * shareOf(accessTokenDigest);
  return Math.round(expiresAt - Math.min(lead + jitter, life * maximumLeadShareOfLife));
}

/** A number from 0 to 1 out of the digest's first bytes. */
function shareOf(digest: string): number {
  const bytes = Buffer.from(digest, 'base64url');
  return bytes.length < 2 ? 0 : bytes.readUInt16BE(0) / 0xffff;
}
