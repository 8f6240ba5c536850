import type { CreateApiKey, Scope } from '@latchkey/client';
import { purposes } from './scope-words.ts';

export type Purpose = keyof typeof purposes | 'chosen';

/** Days until a key ends by itself; null for never. */
export const lifetimes = [
  { title: 'Never', days: null },
  { title: 'In 30 days', days: 30 },
  { title: 'In 90 days', days: 90 },
  { title: 'In a year', days: 365 },
] as const;

const millisecondsPerDay = 86_400_000;

/** A key as the form has it. */
export interface ApiKeyDraft {
  name: string;
  purpose: Purpose;
  /** Counts where the purpose is `chosen`. */
  scopes: Scope[];
  /** None for all. */
  connectionIds: string[];
  /** The title of a lifetime. */
  ends: string;
}

export const emptyDraft: ApiKeyDraft = {
  name: '',
  purpose: 'all',
  scopes: [],
  connectionIds: [],
  ends: lifetimes[0].title,
};

/** @returns what the hub is asked for; no scopes for all that this person may do. @param now epoch milliseconds */
export function toCreateApiKey(draft: ApiKeyDraft, now: number): CreateApiKey {
  const { name, purpose, connectionIds } = draft;
  const days = lifetimes.find(({ title }) => title === draft.ends)?.days ?? null;
  return {
    name: name.trim(),
    ...(purpose === 'all'
      ? {}
      : { scopes: purpose === 'chosen' ? draft.scopes : [...purposes[purpose].scopes] }),
    ...(connectionIds.length === 0 ? {} : { connectionIds }),
    ...(days === null ? {} : { expiresAt: new Date(now + days * millisecondsPerDay).toISOString() }),
  };
}
