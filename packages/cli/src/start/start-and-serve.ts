import { createHubClient } from '@latchkey/client';
import { needsFirstConnection } from '../first-connection/needs-first-connection.ts';
import { describeFailure } from '../terminal/describe-failure.ts';
import { printServing, printStarting, printWalkStep } from '../terminal/print-start.ts';
import { waitForStop } from '../terminal/wait-for-stop.ts';
import { ensureApiKey } from './ensure-api-key.ts';
import { makeSeededConnection } from './make-seeded-connection.ts';
import { startHubAndCloud } from './start-hub-and-cloud.ts';

/** Serves until Ctrl-C; when nothing was ever proven here, the first connection is made before that. */
export async function startAndServe({
  dataFolder,
  port,
}: {
  dataFolder: string;
  port: number;
}): Promise<void> {
  printStarting();
  const product = await startHubAndCloud({ dataFolder, port });
  const stopped = waitForStop();
  try {
    const key = await ensureApiKey(product.hub, dataFolder);
    const hub = createHubClient({ baseUrl: product.hub.url, apiKey: key });
    if (await needsFirstConnection(hub)) {
      await makeSeededConnection(product, key, printWalkStep).catch((error: unknown) => {
        // The hub serves all the same: the person can see in the UI what is missing.
        process.stderr.write(`\nThe first connection could not be made. ${describeFailure(error)}\n`);
      });
    }
    const { items } = await hub.connections.list({ limit: 1 });
    printServing({
      product,
      dataFolder,
      connection: items[0] ?? null,
      entryLink: await product.hub.entryLink(),
    });
    await stopped;
  } finally {
    await product.close();
  }
}
