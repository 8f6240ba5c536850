import { digest } from '../ground/digest.ts';
import type { HubContext } from '../hub-context.ts';

/** Whether calls with this key are let in: it was made on this database, is not revoked and has not ended. */
export async function acceptsApiKey(
  { store, clock }: Pick<HubContext, 'store' | 'clock'>,
  key: string,
): Promise<boolean> {
  const row = await store.db
    .selectFrom('api_keys')
    .select('id')
    .where('key_hash', '=', digest(key))
    .where('revoked_at', 'is', null)
    .where((eb) => eb.or([eb('expires_at', 'is', null), eb('expires_at', '>', clock.now())]))
    .executeTakeFirst();
  return row !== undefined;
}
