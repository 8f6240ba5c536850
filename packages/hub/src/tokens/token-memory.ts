import { LRUCache } from 'lru-cache';
import { millisecondsPerSecond } from '../ground/durations.ts';
import type { TokenState } from './read-token-state.ts';

/** How many connections' tokens a process keeps ready. A token takes about 4 KB. */
const capacity = 10_000;

/** Another process may have refreshed or disabled the connection: what is served is at most this old. */
const trustedMilliseconds = millisecondsPerSecond;

/** An access token ready to be served. */
export interface ServedToken {
  accessToken: string;
  expiresAt: number;
  environmentUrl: string;
  requestTimeoutSeconds: number;
  /** Whose calls the environment counts together: one user's of it, whatever the connection. */
  user: string;
  /** Compare-and-set version of the token set. */
  version: number;
  /** Until when it is served without a new decision. */
  usableUntil: number;
  /** What the hub's API answers with, and its JSON, made once. */
  answer: { accessToken: string; tokenType: 'Bearer'; expiresAt: string; environmentUrl: string };
  answerText: string;
}

/** A look at a connection in the database. */
export interface TokenLook {
  state: Promise<TokenState>;
  /** Epoch milliseconds: what it read may have changed right afterwards. */
  beganAt: number;
  isUnderWay: boolean;
  /** A newer one has begun, or the connection was forgotten. */
  isOutdated: boolean;
}

/** Tokens that were served a moment ago, and the looks and refreshes under way in this process. */
export interface TokenMemory {
  /** @returns the token if it was checked against the database within the last second */
  recall(connectionId: string, now: number): ServedToken | undefined;
  /** @returns the token of that version, however long ago it was checked */
  known(connectionId: string, version: number): ServedToken | undefined;
  /** Keeps an opened token for whoever finds that its version is still the stored one. */
  keep(connectionId: string, token: ServedToken): void;
  /**
   * One look at the database at a time: whoever comes within a second of its begin, and before its end, shares it. One
   * that was under way when the connection was forgotten is nobody else's: it may have read what was before.
   */
  look(connectionId: string, now: number, read: () => Promise<TokenState>): TokenLook;
  /** Remembers a token as of the begin of the look that found it, unless the connection was forgotten since. */
  remember(connectionId: string, token: ServedToken, look: TokenLook): void;
  /** The next caller has the database asked: the connection was changed, disabled or deleted here. */
  forget(connectionId: string): void;
  /** One refresh at a time: whoever comes while it runs gets its result. */
  refreshesUnderWay: Map<string, Promise<TokenState>>;
}

/** @returns an empty memory; each hub process has one */
export function createTokenMemory(): TokenMemory {
  const entries = new LRUCache<string, { token: ServedToken; checkedAt: number }>({ max: capacity });
  const newestLooks = new LRUCache<string, TokenLook>({
    max: capacity,
    dispose: (look) => {
      look.isOutdated = true;
    },
  });

  return {
    recall(connectionId, now) {
      const entry = entries.get(connectionId);
      if (!entry || !isTrusted(entry.checkedAt, now)) return undefined;
      return now < entry.token.usableUntil ? entry.token : undefined;
    },
    known(connectionId, version) {
      const token = entries.get(connectionId)?.token;
      return token?.version === version ? token : undefined;
    },
    keep(connectionId, token) {
      entries.set(connectionId, { token, checkedAt: Number.NEGATIVE_INFINITY });
    },
    look(connectionId, now, read) {
      const newest = newestLooks.get(connectionId);
      if (newest?.isUnderWay && isTrusted(newest.beganAt, now)) return newest;
      const look: TokenLook = { state: read(), beganAt: now, isUnderWay: true, isOutdated: false };
      const end = () => {
        look.isUnderWay = false;
      };
      look.state.then(end, end);
      newestLooks.set(connectionId, look);
      return look;
    },
    remember(connectionId, token, look) {
      if (!look.isOutdated) entries.set(connectionId, { token, checkedAt: look.beganAt });
    },
    forget(connectionId) {
      entries.delete(connectionId);
      newestLooks.delete(connectionId);
    },
    refreshesUnderWay: new Map(),
  };
}

/** Not before that either, as after a clock set back. */
function isTrusted(checkedAt: number, now: number): boolean {
  return now >= checkedAt && now - checkedAt < trustedMilliseconds;
}
