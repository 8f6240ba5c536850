import { median } from '../measuring/median.ts';
import { type Outcome, passes } from '../measuring/outcome.ts';
import { prepareCloudFolder, seededApp, startCloudCommand } from '../measuring/start-cloud-command.ts';
import { withFolder } from '../measuring/with-folder.ts';

const runs = 7;
const mostMilliseconds = 400;
const bar = { atMost: 1 };

/**
 * From the start of `latchkey cloud` to the first token, with keys and state on disk, seen from outside. The
 * reference is the bar itself.
 */
export function cloudColdStart(name: string): Promise<Outcome> {
  return withFolder(async (folder) => {
    await prepareCloudFolder(folder);
    const rounds: number[] = [];
    for (let run = 0; run < runs; run++) rounds.push(await startOnce(folder));
    const value = median(rounds);
    const ratio = value / mostMilliseconds;
    const passed = passes(ratio, bar);
    return { name, value, unit: 'ms', reference: mostMilliseconds, ratio, bar, passed, rounds };
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
