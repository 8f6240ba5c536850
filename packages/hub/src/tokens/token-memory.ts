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

/** Tokens that were served a moment ago, and the look-ups and refreshes under way in this process. */
export interface TokenMemory {
  /** @returns the token if it was checked against the database within the last second */
  recall(connectionId: string, now: number): ServedToken | undefined;
  /** @returns the token of that version, however long ago it was checked */
  known(connectionId: string, version: number): ServedToken | undefined;
  /**
   * One look-up at a time: whoever comes within a second of its begin gets its result, which is remembered as of its
   * begin. One that was under way when the connection was forgotten is nobody else's and not remembered: it may have
   * read what was before.
   */
  lookUp(connectionId: string, now: number, find: () => Promise<ServedToken>): Promise<ServedToken>;
  /** The next caller has the database asked: the connection was changed, disabled or deleted here. */
  forget(connectionId: string): void;
  /** One refresh at a time: whoever comes while it runs gets its result. */
  refreshesUnderWay: Map<string, Promise<TokenState>>;
}

interface LookUp {
  beganAt: number;
  token: Promise<ServedToken>;
}

/** @returns an empty memory; each hub process has one */
export function createTokenMemory(): TokenMemory {
  const entries = new LRUCache<string, { token: ServedToken; checkedAt: number }>({ max: capacity });
  const lookUps = new Map<string, LookUp>();

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
    lookUp(connectionId, now, find) {
      const underWay = lookUps.get(connectionId);
      if (underWay && isTrusted(underWay.beganAt, now)) return underWay.token;
      const lookUp: LookUp = { beganAt: now, token: find() };
      lookUps.set(connectionId, lookUp);
      const end = (token?: ServedToken) => {
        if (lookUps.get(connectionId) !== lookUp) return;
        lookUps.delete(connectionId);
        if (token) entries.set(connectionId, { token, checkedAt: now });
      };
      lookUp.token.then(end, () => end());
      return lookUp.token;
    },
    forget(connectionId) {
      entries.delete(connectionId);
      lookUps.delete(connectionId);
    },
    refreshesUnderWay: new Map(),
  };
}

/** Not before that either, as after a clock set back. */
function isTrusted(checkedAt: number, now: number): boolean {
  return now >= checkedAt && now - checkedAt < trustedMilliseconds;
}
