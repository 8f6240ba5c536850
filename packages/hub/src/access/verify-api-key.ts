import { LRUCache } from 'lru-cache';
import { HubError } from '../errors/hub-error.ts';
import { pastMoment } from '../ground/bounded-times.ts';
import { digest } from '../ground/digest.ts';
import { millisecondsPerMinute, millisecondsPerSecond } from '../ground/durations.ts';
import type { HubContext } from '../hub-context.ts';

const rememberedKeys = 10_000;
/** A key revoked by another process is refused after this at the latest. */
const trustedMilliseconds = millisecondsPerSecond;
/** How exact `last_used_at` is; one write a key and minute costs nothing. */
const useNotedEveryMilliseconds = millisecondsPerMinute;

/** Keys that were looked up a moment ago; each hub process has one. */
export interface ApiKeyMemory {
  /** @returns the id of the key; @throws HubError `api_key_unknown`, `api_key_revoked` */
  verify(key: string): string | Promise<string>;
  /** The next use of the key is looked up again. */
  forget(id: string): void;
}

interface RememberedKey {
  id: string;
  checkedAt: number;
  useNotedAt: number;
}

/**
 * The check of every call of the API. It answers from memory for a second, so that it costs one digest; noting when a
 * key was last used happens afterwards and rarely.
 */
export function createApiKeyMemory({ store, clock, background }: HubContext): ApiKeyMemory {
  const remembered = new LRUCache<string, RememberedKey>({ max: rememberedKeys });
  /** How often a key was forgotten: what was being looked up then may have been read before. */
  let forgotten = 0;

  async function lookUp(keyHash: string): Promise<string> {
    const [checkedAt, forgottenBefore] = [clock.now(), forgotten];
    const row = await store.db
      .selectFrom('api_keys')
      .select(['id', 'revoked_at', 'last_used_at'])
      .where('key_hash', '=', keyHash)
      .executeTakeFirst();
    if (!row) throw new HubError('api_key_unknown');
    if (row.revoked_at !== null) throw new HubError('api_key_revoked');
    const entry = { id: row.id, checkedAt, useNotedAt: row.last_used_at ?? 0 };
    if (forgotten === forgottenBefore) remembered.set(keyHash, entry);
    noteUse(entry);
    return row.id;
  }

  function noteUse(entry: RememberedKey): void {
    const now = clock.now();
    if (now - (pastMoment(entry.useNotedAt, now) ?? 0) < useNotedEveryMilliseconds) return;
    entry.useNotedAt = now;
    background.start('note the use of an API key', async () => {
      await store.db.updateTable('api_keys').set({ last_used_at: now }).where('id', '=', entry.id).execute();
    });
  }

  return {
    verify(key) {
      const keyHash = digest(key);
      const entry = remembered.get(keyHash);
      const age = entry ? clock.now() - entry.checkedAt : trustedMilliseconds;
      if (!entry || age < 0 || age >= trustedMilliseconds) return lookUp(keyHash);
      noteUse(entry);
      return entry.id;
    },
    forget(id) {
      forgotten += 1;
      for (const [keyHash, entry] of remembered.entries()) if (entry.id === id) remembered.delete(keyHash);
    },
  };
}
