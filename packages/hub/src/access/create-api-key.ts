import { createId } from '../ground/create-id.ts';
import { digest } from '../ground/digest.ts';
import type { HubContext } from '../hub-context.ts';
import type { ApiKeyRow } from './present-api-key.ts';

const keyBytes = 32;
const keyMark = 'lk_';
/** Enough to recognise a key by in a list, far too little to guess the rest. */
const prefixLength = 11;

/** @returns the stored row, and the whole key, which is known only here and now */
export async function createApiKey(
  { store, clock, random }: Pick<HubContext, 'store' | 'clock' | 'random'>,
  name: string,
): Promise<{ row: ApiKeyRow; key: string }> {
  const key = `${keyMark}${random.bytes(keyBytes).toString('base64url')}`;
  const row = await store.db
    .insertInto('api_keys')
    .values({
      id: createId(random),
      name,
      prefix: key.slice(0, prefixLength),
      key_hash: digest(key),
      created_at: clock.now(),
      last_used_at: null,
      revoked_at: null,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  return { row, key };
}
