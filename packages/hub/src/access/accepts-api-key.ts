import { digest } from '../ground/digest.ts';
import type { HubContext } from '../hub-context.ts';

/** Whether calls with this key are let in: it was made on this database and is not revoked. */
export async function acceptsApiKey({ store }: Pick<HubContext, 'store'>, key: string): Promise<boolean> {
  const row = await store.db
    .selectFrom('api_keys')
    .select('id')
    .where('key_hash', '=', digest(key))
    .where('revoked_at', 'is', null)
    .executeTakeFirst();
  return row !== undefined;
}
