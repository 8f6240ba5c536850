import type { RunningHub } from '@latchkey/hub';
import { readApiKey, writeApiKey } from '../hub-access.ts';

/**
 * Sees to it that the data folder has an API key for the commands on this machine. A key that the hub does not accept
 * is replaced: the folder may have got another database, as it does when a damaged one was moved away.
 *
 * @returns the whole key
 */
export async function ensureApiKey(
  hub: Pick<RunningHub, 'acceptsApiKey' | 'createApiKey'>,
  dataFolder: string,
): Promise<string> {
  const known = await readApiKey(dataFolder);
  if (known !== null && (await hub.acceptsApiKey(known))) return known;
  return writeApiKey(dataFolder, async () => (await hub.createApiKey('First start')).key);
}
