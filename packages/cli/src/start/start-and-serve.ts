import { type Connection, createHubClient, type HubClient } from '@latchkey/client';
import { needsFirstConnection } from '../first-connection/needs-first-connection.ts';
import { describeFailure } from '../terminal/describe-failure.ts';
import { ensureApiKey } from './ensure-api-key.ts';
import { makeSeededConnection } from './make-seeded-connection.ts';
import { printServing, printSetupStep, printStarting } from './print-start.ts';
import { releaseYoungGeneration } from './release-young-generation.ts';
import { startHubAndCloud } from './start-hub-and-cloud.ts';

/**
 * Serves hub and local cloud; when nothing was ever proven here, the first connection is made before that.
 *
 * @param stopped resolves when it is to end
 */
export async function startAndServe(
  { dataFolder, port }: { dataFolder: string; port: number },
  stopped: Promise<void>,
): Promise<void> {
  printStarting();
  const product = await startHubAndCloud({ dataFolder, port });
  try {
    const key = await ensureApiKey(product.hub, dataFolder);
    const hub = createHubClient({ baseUrl: product.hub.url, apiKey: key });
    if (await needsFirstConnection(hub)) {
      await makeSeededConnection(product, key, printSetupStep).catch((error: unknown) => {
        // The hub serves all the same: the person can see in the UI what is missing.
        process.stderr.write(`\nThe first connection could not be made. ${describeFailure(error)}\n`);
      });
    }
    const connection = await proveFirstConnection(hub);
    printServing({ product, dataFolder, connection, entryLink: await product.hub.entryLink() });
    releaseYoungGeneration();
    await stopped;
  } finally {
    await product.close();
  }
}

/** What is printed about a connection is proven now, not remembered: the cloud it was made with may be another. */
async function proveFirstConnection(hub: HubClient): Promise<Connection | null> {
  const { items } = await hub.connections.list({ limit: 1 });
  const [first] = items;
  if (!first || first.disabled) return first ?? null;
  await hub.connections.test(first.id);
  return hub.connections.get(first.id);
}
