import path from 'node:path';
import { type LocalCloud, startLocalCloud } from '@latchkey/cloud';
import { loadConfig, type RunningHub, startHub } from '@latchkey/hub';
import { environment, localCloudPorts } from '../config.ts';
import { webFolder } from './web-folder.ts';

export interface RunningProduct {
  hub: RunningHub;
  cloud: LocalCloud;
  close(): Promise<void>;
}

/**
 * The one place where hub and local cloud meet in a process; all that passes between them is HTTP.
 *
 * @param port the hub's; 0 takes free ports for everything
 * @throws CloudStartError, HubStartError, StoreError, ConfigError: each a clear sentence with the way out
 */
export async function startHubAndCloud({
  dataFolder,
  port,
}: {
  dataFolder: string;
  port: number;
}): Promise<RunningProduct> {
  const cloud = await startLocalCloud({
    dataFolder: path.join(dataFolder, 'cloud'),
    ...(port === 0 ? {} : { ports: localCloudPorts(port) }),
  });
  try {
    const hub = await startHub({
      config: loadConfig(environment, {
        dataFolder,
        webFolder: webFolder(),
        port,
        cloud: {
          name: 'local',
          title: 'Local Microsoft cloud',
          authority: cloud.entra.http,
          graph: cloud.graph.http,
          localEnvironments: cloud.environments.flatMap(({ http, https }) => [http, https]),
        },
      }),
      caCertificates: [cloud.caCertificate],
    });
    return {
      hub,
      cloud,
      close: async () => {
        await hub.close();
        await cloud.close();
      },
    };
  } catch (error) {
    await cloud.close();
    throw error;
  }
}
