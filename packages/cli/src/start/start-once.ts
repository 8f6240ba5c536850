import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { SetupStep } from '../first-connection/make-first-connection.ts';
import { makeSeededConnection } from './make-seeded-connection.ts';
import { printSetupStep, printStarting } from './print-start.ts';
import { startHubAndCloud } from './start-hub-and-cloud.ts';

/**
 * Makes the first connection on a throw-away data folder and ends.
 *
 * @throws the reason when it could not be made
 */
export async function startOnce({ json }: { json: boolean }): Promise<void> {
  const startedAt = performance.now();
  const dataFolder = await makeThrowAwayFolder();
  const steps: SetupStep[] = [];
  if (!json) printStarting();
  try {
    const product = await startHubAndCloud({ dataFolder, port: 0 });
    try {
      const { key } = await product.hub.createApiKey('once');
      await makeSeededConnection(product, key, (step) => {
        steps.push(step);
        if (!json) printSetupStep(step);
      });
    } finally {
      await product.close();
    }
  } finally {
    // Windows' scanners hold what was just written for a moment.
    await rm(dataFolder, { recursive: true, force: true, maxRetries: 5 });
  }
  if (json) {
    const rssBytes = process.memoryUsage.rss();
    const milliseconds = performance.now() - startedAt;
    process.stdout.write(`${JSON.stringify({ outcome: 'proven', milliseconds, rssBytes, steps })}\n`);
  }
}

async function makeThrowAwayFolder(): Promise<string> {
  try {
    return await mkdtemp(path.join(tmpdir(), 'latchkey-once-'));
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
    const variable = process.platform === 'win32' ? 'TEMP' : 'TMPDIR';
    throw new Error(
      `No throw-away folder can be made in ${tmpdir()}${reason}. Set ${variable} to a folder that this user may write to.`,
      { cause: error },
    );
  }
}
