import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { createHubClient, type HubClient } from '@latchkey/client';
import {
  createMovableClock,
  type LocalCloud,
  type MovableClock,
  type Seed,
  startLocalCloud,
} from '@latchkey/cloud';
import { loadConfig, type RunningHub, startHub } from '@latchkey/hub';

export interface Product {
  hub: RunningHub;
  cloud: LocalCloud;
  /** Speaks to the hub with an API key of its own. */
  client: HubClient;
  apiKey: string;
  /** Moves the time of hub and cloud together. */
  clock: MovableClock;
  dataFolder: string;
  close(): Promise<void>;
}

const webFolder = path.join(path.dirname(fileURLToPath(import.meta.url)), '../../packages/web/dist');

/**
 * Hub and local cloud on free ports and a throw-away folder, meeting over HTTP as in production, with one clock
 * that the test moves.
 *
 * @param seed what the cloud begins with besides Contoso
 * @param timeoutMilliseconds of the hub's calls to Microsoft, instead of the usual 20 s
 */
export async function startProduct(
  environment: Record<string, string> = {},
  { timeoutMilliseconds, seed }: { timeoutMilliseconds?: number; seed?: Seed } = {},
): Promise<Product> {
  const dataFolder = await mkdtemp(path.join(tmpdir(), 'latchkey-e2e-'));
  const clock = createMovableClock();
  const cloud = await startLocalCloud({
    dataFolder: path.join(dataFolder, 'cloud'),
    clock,
    ...(seed === undefined ? {} : { seed }),
  });
  // What the keeper does by itself would come between what tests count, unless they are about it.
  const config = loadConfig(
    { LATCHKEY_KEEPER: 'off', ...environment },
    {
      dataFolder,
      webFolder,
      port: 0,
      cloud: {
        name: 'local',
        title: 'Local Microsoft cloud',
        authority: cloud.entra.http,
        graph: cloud.graph.http,
        localEnvironments: [cloud.crm.http, cloud.crm.https],
      },
    },
  );
  const hub = await startHub({
    config,
    clock,
    caCertificates: [cloud.caCertificate],
    ...(timeoutMilliseconds === undefined ? {} : { timeoutMilliseconds }),
  });
  const { key } = await hub.createApiKey('e2e');
  return {
    hub,
    cloud,
    clock,
    dataFolder,
    apiKey: key,
    client: createHubClient({ baseUrl: hub.url, apiKey: key }),
    close: async () => {
      await hub.close();
      await cloud.close();
      await rm(dataFolder, { recursive: true, force: true });
    },
  };
}
