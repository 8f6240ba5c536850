import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Seed } from '@latchkey/cloud';
import { findBasePort } from '../../../e2e/support/free-ports.ts';
import { end, serverOptions } from './start-server.ts';

const latchkey = path.resolve(import.meta.dirname, '../../../packages/cli/bin/latchkey.mjs');
/** What the seed of a measured cloud brings besides Contoso's people. */
export const seededApp = {
  tenant: 'contoso.onmicrosoft.com',
  clientId: '7a1c0000-0000-4000-8000-00000000b0b0',
  clientSecret: 'a-secret-for-benchmarks-only',
};

/** The port does not count at localhost (see openRedirectTarget). */
const redirectUri = 'http://localhost/auth/redirect';

const seed: Seed = {
  tenants: [
    {
      displayName: 'Contoso',
      domains: [seededApp.tenant],
      applications: [
        {
          displayName: 'Measured',
          appId: seededApp.clientId,
          redirectUris: { web: [redirectUri] },
          secrets: [{ name: 'bench', value: seededApp.clientSecret }],
        },
      ],
    },
  ],
};

/** `latchkey cloud` in a process of its own, started as its users start it. */
export interface CloudCommand {
  process: ChildProcess;
  entra: string;
  graph: string;
  /** Epoch of `performance.now()`: just before the process was made. */
  startedAt: number;
  close(): Promise<void>;
}

/** Makes a data folder with keys, certificates and the app in it, by a first start. */
export async function prepareCloudFolder(folder: string): Promise<void> {
  const file = path.join(folder, 'bench.seed.yaml');
  // JSON is YAML.
  await writeFile(file, JSON.stringify(seed));
  const first = await startCloudCommand(folder, ['--seed', file]);
  await first.close();
}

/** @throws Error when it ends before it is ready */
export async function startCloudCommand(
  folder: string,
  words: readonly string[] = [],
): Promise<CloudCommand> {
  const port = await findBasePort();
  const startedAt = performance.now();
  const child = spawn(
    process.execPath,
    [...serverOptions(), latchkey, 'cloud', '--data', folder, '--port', String(port), ...words],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  await Promise.race([
    once(createInterface({ input: child.stdout }), 'line'),
    once(child, 'exit').then(([code]) => {
      throw new Error(`"latchkey cloud" ended with code ${code} before it was ready.`);
    }),
  ]);
  return {
    process: child,
    entra: `http://localhost:${port + 1}`,
    graph: `http://localhost:${port + 2}`,
    startedAt,
    close: () => end(child),
  };
}
