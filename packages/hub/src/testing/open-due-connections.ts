import { pino } from 'pino';
import { loadConfig } from '../config/load-config.ts';
import { createContext } from '../server/create-context.ts';
import { getAccessToken } from '../tokens/get-access-token.ts';
import { connectionSecretPlace } from '../tokens/resolve-token-client.ts';
import { tokenPlace } from '../tokens/store-token-set.ts';
import type { TokenContext } from '../tokens/token-context.ts';

/** Connections that were proven and whose access tokens have ended; they share one grant, which stays good. */
export interface DueConnections {
  dataFolder: string;
  count: number;
  authority: string;
  environment: string;
  tenantId: string;
  clientId: string;
  clientSecret: string;
  refreshToken: string;
}

/** Opens a hub's store, vault and way out with so many due connections. @returns what refreshes the next one of them */
export async function openDueConnections(due: DueConnections): Promise<() => Promise<void>> {
  const { authority, environment, dataFolder } = due;
  const config = loadConfig(
    {},
    {
      host: '127.0.0.1',
      port: 0,
      publicUrl: 'http://localhost:0',
      dataFolder,
      cloud: {
        name: 'local',
        title: 'Benchmark',
        authority,
        graph: authority,
        localEnvironments: [environment],
      },
    },
  );
  const context = await createContext({ config, log: pino({ level: 'silent' }) });
  const ids = Array.from({ length: due.count }, (_, index) => `connection-${index}`);
  await makeConnections(context, due, ids);
  const waiting = ids.values();
  return async () => {
    const { value: id } = waiting.next();
    if (id === undefined) throw new Error('No connection is due any more.');
    await getAccessToken(context, id);
  };
}

async function makeConnections(
  { store, vault, clock }: TokenContext,
  { environment, tenantId, clientId, clientSecret, refreshToken }: DueConnections,
  ids: readonly string[],
): Promise<void> {
  const now = clock.now();
  await store.db.transaction().execute(async (db) => {
    for (const id of ids) {
      await db
        .insertInto('connections')
        .values({
          id,
          provider: 'dynamics-365',
          name: id,
          description: '',
          method: 'sign_in',
          environment_url: environment,
          tenant_id: tenantId,
          client_id: clientId,
          sealed_client_secret: vault.seal(clientSecret, connectionSecretPlace(id)),
          endpoint_version: 'v2',
          request_timeout_seconds: 20,
          disabled: 0,
          last_proven_at: now,
          state: 'ready',
          state_since: now,
          failed_tries: 0,
          created_at: now,
          updated_at: now,
        })
        .execute();
      await db
        .insertInto('token_sets')
        .values({
          connection_id: id,
          version: 0,
          sealed_refresh_token: vault.seal(refreshToken, tokenPlace(id, 'sealed_refresh_token')),
          refresh_token_obtained_at: now,
          lease_until: 0,
          lease_fence: 0,
        })
        .execute();
    }
  });
}
