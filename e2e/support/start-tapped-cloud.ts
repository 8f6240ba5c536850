import {
  createMovableClock,
  type LocalCloud,
  type LocalCloudOptions,
  type MovableClock,
  startLocalCloud,
} from '@latchkey/cloud';
import type { CloudConfig } from '@latchkey/hub';
import { openTap, type Tap } from './open-tap.ts';

/** A local cloud whose Entra ID and Graph are reached through taps. */
export interface TappedCloud {
  cloud: LocalCloud;
  clock: MovableClock;
  entra: Tap;
  graph: Tap;
  /** What a hub is to be told about it. */
  config: CloudConfig;
  close(): Promise<void>;
}

/** @returns the forms of the token requests of an application that came through the tap */
export function tokenFormsOf({ entra }: TappedCloud, clientId: string | null): URLSearchParams[] {
  return entra.exchanges
    .filter(({ request }) => request.method === 'POST' && request.path.includes('/token'))
    .map(({ request }) => new URLSearchParams(request.body))
    .filter((form) => form.get('client_id') === clientId);
}

/**
 * Starts a local cloud in this process; hubs in others speak to it through taps.
 *
 * @param options as `startLocalCloud` takes them
 */
export async function startTappedCloud(
  options: Pick<LocalCloudOptions, 'dataFolder' | 'seed'> = {},
): Promise<TappedCloud> {
  const clock = createMovableClock();
  const cloud = await startLocalCloud({ ...options, clock });
  const entra = await openTap(cloud.entra.http);
  const graph = await openTap(cloud.graph.http);
  // So that the cloud's own documents name the taps, as behind a gateway.
  cloud.entra.http = entra.origin;
  cloud.graph.http = graph.origin;
  return {
    cloud,
    clock,
    entra,
    graph,
    config: {
      name: 'local',
      title: 'Local Microsoft cloud',
      authority: entra.origin,
      graph: graph.origin,
      localEnvironments: [cloud.crm.http],
    },
    close: async () => {
      await entra.close();
      await graph.close();
      await cloud.close();
    },
  };
}
