import { startHub } from '@latchkey/hub';
import { ensureApiKey } from './ensure-api-key.ts';
import { type HubOptions, hubConfig } from './hub-config.ts';
import { printHub } from './print-hub.ts';
import { releaseYoungGeneration } from './release-young-generation.ts';

/**
 * Serves the hub alone.
 *
 * @param stopped resolves when it is to end
 */
export async function serveHub(options: HubOptions, stopped: Promise<void>): Promise<void> {
  const config = hubConfig(options);
  const hub = await startHub({ config });
  try {
    await ensureApiKey(hub, options.data);
    printHub(config, { url: hub.url, entryLink: await hub.entryLink() });
    releaseYoungGeneration();
    await stopped;
  } finally {
    await hub.close();
  }
}
