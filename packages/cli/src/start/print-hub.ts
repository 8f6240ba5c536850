import type { HubConfig } from '@latchkey/hub';
import { bold, dim, writeLine } from '../terminal/write-line.ts';

/** What a person needs to go on once a hub serves: its address, who can reach it, the way in. */
export function printHub(
  config: HubConfig,
  { url, entryLink, workers = 1 }: { url: string; entryLink: string; workers?: number },
): void {
  writeLine(`${bold('Hub')}        ${url}  ${dim(`for ${config.cloud.title}`)}`);
  for (const line of listeningLines(config)) writeLine(line);
  if (workers > 1) writeLine(`  workers    ${workers}`);
  writeLine(`  enter by   ${entryLink}`);
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
