import { loadConfig, startHub } from '@latchkey/hub';
import { environment } from '../config.ts';
import { waitForStop } from '../terminal/wait-for-stop.ts';
import { bold, dim, writeLine } from '../terminal/write-line.ts';
import { ensureApiKey } from './ensure-api-key.ts';
import { releaseYoungGeneration } from './release-young-generation.ts';
import { webFolder } from './web-folder.ts';

/** Serves the hub alone until Ctrl-C. */
export async function serveHub(data: string): Promise<void> {
  const config = loadConfig(environment, { dataFolder: data, webFolder: webFolder() });
  const hub = await startHub({ config });
  const stopped = waitForStop();
  try {
    await ensureApiKey(hub, data);
    writeLine(`${bold('Hub')}        ${hub.url}  ${dim(`for ${config.cloud.title}`)}`);
    writeLine(`  enter by   ${await hub.entryLink()}`);
    releaseYoungGeneration();
    await stopped;
  } finally {
    await hub.close();
  }
}
