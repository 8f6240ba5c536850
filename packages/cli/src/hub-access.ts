import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createHubClient, type HubClient } from '@latchkey/client';

/**
 * The operator's own API key lies beside the database, readable by its owner only, so that the commands on this
 * machine need no sign-in. The hub itself keeps only its digest.
 */
const keyFileName = 'api-key';
const ownerOnly = 0o600;

export function apiKeyFile(dataFolder: string): string {
  return path.join(dataFolder, keyFileName);
}

export async function writeApiKey(dataFolder: string, key: string): Promise<void> {
  const file = apiKeyFile(dataFolder);
  // Anew: an older file may be readable by others, and another user's.
  await rm(file, { force: true });
  await writeFile(file, `${key}\n`, { mode: ownerOnly, flag: 'wx' });
}

/** @returns the key, or null where this data folder has none */
export async function readApiKey(dataFolder: string): Promise<string | null> {
  try {
    return (await readFile(apiKeyFile(dataFolder), 'utf8')).trim();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw Object.assign(
      new Error(`The API key can’t be read: ${apiKeyFile(dataFolder)}.`, { cause: error }),
      {
        remedy:
          'Make the file readable for this user, name another folder by --data, or set LATCHKEY_API_KEY.',
      },
    );
  }
}

export interface HubAccessOptions {
  url: string;
  data: string;
  apiKey?: string;
}

/** A client of a running hub, with the key given by `--api-key` or LATCHKEY_API_KEY, else the data folder's. */
export async function connectToHub({ url, data, apiKey }: HubAccessOptions): Promise<HubClient> {
  const key = apiKey ?? (await readApiKey(data));
  if (!key) {
    throw new Error(
      `There is no API key: set LATCHKEY_API_KEY, or run this where ${apiKeyFile(data)} is (see --data).`,
    );
  }
  return createHubClient({ baseUrl: url, apiKey: key });
}

/** @returns the id that was typed; for "first", that of the first connection */
export async function resolveConnectionId(hub: HubClient, typed: string): Promise<string> {
  if (typed !== 'first') return typed;
  const { items } = await hub.connections.list({ limit: 1 });
  const [first] = items;
  if (!first) throw new Error('The hub has no connection yet.');
  return first.id;
}
