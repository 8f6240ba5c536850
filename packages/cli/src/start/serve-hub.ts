import { type HubConfig, loadConfig, startHub } from '@latchkey/hub';
import { environment } from '../config.ts';
import { bold, dim, writeLine } from '../terminal/write-line.ts';
import { ensureApiKey } from './ensure-api-key.ts';
import { releaseYoungGeneration } from './release-young-generation.ts';
import { webFolder } from './web-folder.ts';

export interface HubOptions {
  data: string;
  host?: string;
  port?: number;
}

/**
 * Serves the hub alone.
 *
 * @param stopped resolves when it is to end
 */
export async function serveHub({ data, host, port }: HubOptions, stopped: Promise<void>): Promise<void> {
  const config = loadConfig(environment, {
    dataFolder: data,
    webFolder: webFolder(),
    ...(host !== undefined && { host }),
    ...(port !== undefined && { port }),
  });
  const hub = await startHub({ config });
  try {
    await ensureApiKey(hub, data);
    writeLine(`${bold('Hub')}        ${hub.url}  ${dim(`for ${config.cloud.title}`)}`);
    for (const line of listeningLines(config)) writeLine(line);
    writeLine(`  enter by   ${await hub.entryLink()}`);
    releaseYoungGeneration();
    await stopped;
  } finally {
    await hub.close();
  }
}

const namesOfThisMachine: readonly string[] = ['localhost', '127.0.0.1', '::1'];

/** Who lets others in has to say by what address they come: it is not taken from what they send. */
function listeningLines({ host, publicUrl }: Pick<HubConfig, 'host' | 'publicUrl'>): string[] {
  if (namesOfThisMachine.includes(host)) return [];
  const line = `  listens on ${host}`;
  if (new URL(publicUrl).hostname !== 'localhost') return [line];
  return [
    line,
    `  ${publicUrl} is for people on this machine alone: set PUBLIC_URL to the https address that others come by.`,
  ];
}
