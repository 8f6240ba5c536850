import { LRUCache } from 'lru-cache';
import { HubError } from '../errors/hub-error.ts';
import { pastMoment } from '../ground/bounded-times.ts';
import { digest } from '../ground/digest.ts';
import { millisecondsPerMinute, millisecondsPerSecond } from '../ground/durations.ts';
import { describeDamage } from '../http/describe-damage.ts';
import type { HubContext } from '../hub-context.ts';
import type { ApiKeyRow } from './api-key-row.ts';
import type { ApiKeyCaller } from './caller.ts';
import { readApiKeyLimits } from './read-api-key-limits.ts';

const rememberedKeys = 10_000;
/** A key revoked by another process is refused after this at the latest. */
const trustedMilliseconds = millisecondsPerSecond;
/** How exact `last_used_at` is; one write a key and minute costs nothing. */
const useNotedEveryMilliseconds = millisecondsPerMinute;

/** Keys that were looked up a moment ago; each hub process has one. */
export interface ApiKeyMemory {
  /**
   * @returns who calls with the key, and what it may do
   * @throws HubError `api_key_unknown`, `api_key_revoked`, `api_key_expired`, `stored_data_damaged`
   */
  verify(key: string): ApiKeyCaller | Promise<ApiKeyCaller>;
  /** The next use of the key is looked up again. */
  forget(id: string): void;
}

interface RememberedKey {
  caller: ApiKeyCaller;
  expiresAt: number;
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

  async function lookUp(keyHash: string): Promise<ApiKeyCaller> {
    const [checkedAt, forgottenBefore] = [clock.now(), forgotten];
    const row = await store.db
      .selectFrom('api_keys')
      .select(['id', 'scopes', 'connection_ids', 'expires_at', 'revoked_at', 'last_used_at'])
      .where('key_hash', '=', keyHash)
      .executeTakeFirst();
    if (!row) throw new HubError('api_key_unknown');
    if (row.revoked_at !== null) throw new HubError('api_key_revoked');
    const entry = {
      caller: toCaller(row),
      expiresAt: row.expires_at ?? Infinity,
      checkedAt,
      useNotedAt: row.last_used_at ?? 0,
    };
    refuseEnded(entry);
    if (forgotten === forgottenBefore) remembered.set(keyHash, entry);
    noteUse(entry);
    return entry.caller;
  }

  function refuseEnded({ expiresAt }: RememberedKey): void {
    if (clock.now() >= expiresAt) throw new HubError('api_key_expired');
  }

  function noteUse(entry: RememberedKey): void {
    const now = clock.now();
    if (now - (pastMoment(entry.useNotedAt, now) ?? 0) < useNotedEveryMilliseconds) return;
    entry.useNotedAt = now;
    background.start('note the use of an API key', async () => {
      await store.db
        .updateTable('api_keys')
        .set({ last_used_at: now })
        .where('id', '=', entry.caller.apiKeyId)
        .execute();
    });
  }

  return {
    verify(key) {
      const keyHash = digest(key);
      const entry = remembered.get(keyHash);
      const age = entry ? clock.now() - entry.checkedAt : trustedMilliseconds;
      if (!entry || age < 0 || age >= trustedMilliseconds) return lookUp(keyHash);
      refuseEnded(entry);
      noteUse(entry);
      return entry.caller;
    },
    forget(id) {
      forgotten += 1;
      for (const [keyHash, entry] of remembered.entries())
        if (entry.caller.apiKeyId === id) remembered.delete(keyHash);
    },
  };
}

/** @throws HubError `stored_data_damaged`: a key whose limits can't be read opens nothing */
function toCaller(row: Pick<ApiKeyRow, 'id' | 'scopes' | 'connection_ids'>): ApiKeyCaller {
  try {
    const { scopes, connectionIds } = readApiKeyLimits(row);
    return {
      kind: 'api_key',
      apiKeyId: row.id,
      scopes: new Set(scopes),
      connectionIds: connectionIds && new Set(connectionIds),
    };
  } catch (error) {
    throw describeDamage(error) ?? error;
  }
}
