import { HubError } from '../errors/hub-error.ts';
import type { HubContext } from '../hub-context.ts';
import type { ConnectionRow } from '../store/schema.ts';

/** @throws HubError `connection_not_found` */
export async function findConnection(
  { store }: Pick<HubContext, 'store'>,
  connectionId: string,
): Promise<ConnectionRow> {
  const row = await store.db
    .selectFrom('connections')
    .selectAll()
    .where('id', '=', connectionId)
    .executeTakeFirst();
  if (!row) throw new HubError('connection_not_found');
  return row;
}
