import { loadConfig, startHub } from '@latchkey/hub';
import { tokenClientId, tokenTenantId } from '../measuring/make-access-token.ts';
import { announceReady, readSetting } from './serve.ts';

/** A hub as the product starts it, with one connection whose token is stored. */
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
  },
);
const hub = await startHub({ config });
const { key: apiKey } = await hub.createApiKey('bench');
const answer = await fetch(`${hub.url}/api/v1/connections`, {
  method: 'POST',
  headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
  body: JSON.stringify({
    method: 'manual',
    environmentUrl: origin,
    tenantId: tokenTenantId,
    clientId: tokenClientId,
    accessToken: readSetting('accessToken'),
  }),
});
if (!answer.ok) throw new Error(`The connection was not made: ${await answer.text()}`);
const { id } = (await answer.json()) as { id: string };
announceReady({ connectionUrl: `${hub.url}/api/v1/connections/${id}`, apiKey });
