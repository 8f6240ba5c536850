import { type HubConfig, loadConfig, type RunningHub, startHub } from '@latchkey/hub';
import { tokenClientId, tokenTenantId } from '../measuring/make-access-token.ts';
import { readSetting } from './serve.ts';

/** Starts a hub as the product does, by the settings of the benchmark. */
export function openHub(further: Partial<HubConfig> = {}): Promise<RunningHub> {
  const origin = readSetting('origin');
  const config = loadConfig(
    {},
    {
      host: '127.0.0.1',
      port: 0,
      publicUrl: 'http://localhost:0',
      dataFolder: readSetting('dataFolder'),
      cloud: {
        name: 'local',
        title: 'Benchmark',
        authority: origin,
        graph: origin,
        localEnvironments: [origin],
      },
      ...further,
    },
  );
  return startHub({ config });
}

/** Makes a connection whose token is stored, and a key to use it by. */
export async function makeConnection(hub: RunningHub): Promise<{ connectionUrl: string; apiKey: string }> {
  const { key: apiKey } = await hub.createApiKey('bench');
  const answer = await fetch(`${hub.url}/api/v1/connections`, {
    method: 'POST',
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      method: 'manual',
      environmentUrl: readSetting('origin'),
      tenantId: tokenTenantId,
      clientId: tokenClientId,
      accessToken: readSetting('accessToken'),
    }),
  });
  if (!answer.ok) throw new Error(`The connection was not made: ${await answer.text()}`);
  const { id } = (await answer.json()) as { id: string };
  return { connectionUrl: `${hub.url}/api/v1/connections/${id}`, apiKey };
}
