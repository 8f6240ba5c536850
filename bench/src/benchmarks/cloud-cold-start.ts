import { compareStarts } from '../measuring/compare-starts.ts';
import type { Effort } from '../measuring/effort.ts';
import type { Outcome } from '../measuring/outcome.ts';
import { prepareCloudFolder, seededApp, startCloudCommand } from '../measuring/start-cloud-command.ts';
import { withFolder } from '../measuring/with-folder.ts';

/**
 * From the start of `latchkey cloud` to the first token, with keys and state on disk, seen from outside; against a bare
 * server that reads a key from disk and signs once.
 */
export function cloudColdStart(name: string, { starts, rounds }: Effort): Promise<Outcome> {
  return withFolder(async (folder) => {
    await prepareCloudFolder(folder);
    return compareStarts(name, { atMost: 4.5 }, starts * rounds, () => startOnce(folder));
  });
}

async function startOnce(folder: string): Promise<number> {
  const cloud = await startCloudCommand(folder);
  try {
    const answer = await fetch(`${cloud.entra}/${seededApp.tenant}/oauth2/v2.0/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: seededApp.clientId,
        client_secret: seededApp.clientSecret,
        scope: 'https://graph.microsoft.com/.default',
      }),
    });
    if (!answer.ok) throw new Error(`The first token request was answered ${answer.status}.`);
    await answer.arrayBuffer();
    return performance.now() - cloud.startedAt;
  } finally {
    await cloud.close();
  }
}
