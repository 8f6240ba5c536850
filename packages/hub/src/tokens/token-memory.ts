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
  /** Compare-and-set version of the token set. */
  version: number;
  /** Until when it is served without a new decision. */
  usableUntil: number;
  /** What the hub's API answers with, and its JSON, made once. */
  answer: { accessToken: string; tokenType: 'Bearer'; expiresAt: string; environmentUrl: string };
  answerText: string;
}

/** Tokens that were served a moment ago, and the refreshes under way in this process. */
export interface TokenMemory {
  /** @returns the token if it was checked against the database within the last second */
  recall(connectionId: string, now: number): ServedToken | undefined;
  /** @returns the token of that version, however long ago it was checked */
  known(connectionId: string, version: number): ServedToken | undefined;
  remember(connectionId: string, token: ServedToken, now: number): void;
  forget(connectionId: string): void;
  /** One refresh at a time: whoever comes while it runs gets its result. */
  refreshesUnderWay: Map<string, Promise<TokenState>>;
}

/** @returns an empty memory; each hub process has one */
export function createTokenMemory(): TokenMemory {
  const entries = new LRUCache<string, { token: ServedToken; checkedAt: number }>({ max: capacity });
  return {
    recall(connectionId, now) {
      const entry = entries.get(connectionId);
      if (!entry || now < entry.checkedAt || now - entry.checkedAt >= trustedMilliseconds) return undefined;
      return now < entry.token.usableUntil ? entry.token : undefined;
    },
    known(connectionId, version) {
      const token = entries.get(connectionId)?.token;
      return token?.version === version ? token : undefined;
    },
    remember(connectionId, token, now) {
      entries.set(connectionId, { token, checkedAt: now });
    },
    forget(connectionId) {
      entries.delete(connectionId);
    },
    refreshesUnderWay: new Map(),
  };
}
