import { type FileHandle, mkdir, open, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { createHubClient, type HubClient } from '@latchkey/client';

/**
 * The operator's own API key lies beside the database, readable by its owner only, so that the commands on this
 * machine need no sign-in. The hub itself keeps only its digest.
 */
const keyFileName = 'api-key';
const ownerOnly = 0o600;
const ownersFolder = 0o700;

export function apiKeyFile(dataFolder: string): string {
  return path.join(dataFolder, keyFileName);
}

/**
 * Keeps a fresh key in the data folder. It is made only when there is a place for it: the hub would know one more that
 * nobody has.
 *
 * @returns the whole key
 * @throws Error with the next step where the folder can't be written to
 */
export async function writeApiKey(dataFolder: string, makeKey: () => Promise<string>): Promise<string> {
  const file = await openKeyFile(dataFolder);
  try {
    const key = await makeKey();
    await file.writeFile(`${key}\n`);
    return key;
  } finally {
    await file.close();
  }
}

async function openKeyFile(dataFolder: string): Promise<FileHandle> {
  const file = apiKeyFile(dataFolder);
  try {
    await mkdir(dataFolder, { recursive: true, mode: ownersFolder });
    // Anew: an older file may be readable by others, and another user's.
    await rm(file, { force: true });
    return await open(file, 'wx', ownerOnly);
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
    throw Object.assign(new Error(`The API key can’t be written: ${file}${reason}.`, { cause: error }), {
      remedy:
        'Make the data folder writable for this user, or name another one with LATCHKEY_DATA or --data.',
    });
  }
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
