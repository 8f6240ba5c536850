import type { Insertable } from 'kysely';
import { createId } from '../../ground/create-id.ts';
import type { HubContext } from '../../hub-context.ts';
import type { Database } from '../../store/schema.ts';

type Columns = Partial<Insertable<Database['connections']>>;

/** Puts a connection into the database, as one that a person made would be there. @returns its id */
export async function insertConnection(
  { context: { store, random, clock } }: { context: HubContext },
  columns: Columns = {},
): Promise<string> {
  const id = createId(random);
  const now = clock.now();
  await store.db
    .insertInto('connections')
    .values({
      id,
      provider: 'dynamics-365',
      name: 'Microsoft Dynamics 365 CRM',
      description: '',
      method: 'client_credentials',
      environment_url: 'https://contoso.crm4.dynamics.com',
      client_id: '11112222-3333-4444-8555-666677778888',
      endpoint_version: 'v2',
      request_timeout_seconds: 20,
      disabled: 0,
      failed_tries: 0,
      created_at: now,
      updated_at: now,
      ...columns,
    })
    .execute();
  await store.db
    .insertInto('token_sets')
    .values({ connection_id: id, version: 0, lease_until: 0, lease_fence: 0 })
    .execute();
  return id;
}
