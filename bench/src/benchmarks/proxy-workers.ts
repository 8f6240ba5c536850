import { compare, type Side, sideUnderRequests } from '../measuring/compare.ts';
import type { Effort } from '../measuring/effort.ts';
import { makeAccessToken } from '../measuring/make-access-token.ts';
import type { Outcome } from '../measuring/outcome.ts';
import { withFolder } from '../measuring/with-folder.ts';
import type { Servers } from '../measuring/with-servers.ts';

const connections = 32;
const path = '/api/data/v9.2/accounts?$select=name&$top=20';

/**
 * Calls through a hub of two processes, against one of one. Load and CRM take most of a small machine themselves, so what
 * is compared is the processor time a request of the process that has the most to do, of those that deal connections out
 * too: a machine with a processor for each of them serves as many requests a second as that one can.
 */
export function proxyWorkers(name: string, effort: Effort): Promise<Outcome> {
  return withFolder((one) =>
    withFolder((two) =>
      compare(
        {
          name,
          what: 'request',
          bar: { atLeast: 1.5 },
          startPair: async ({ start }) => ({
            ours: await startWorkers(start, two, 2),
            reference: await startWorkers(start, one, 1),
          }),
        },
        effort,
      ),
    ),
  );
}

async function startWorkers(start: Servers['start'], dataFolder: string, workers: number): Promise<Side> {
  const { origin } = await start<{ origin: string }>('crm');
  const settings = { origin, accessToken: makeAccessToken(origin), dataFolder, workers: String(workers) };
  const hub = await start<{ connectionUrl: string; apiKey: string; pids: number[] }>('hub-workers', settings);
  return sideUnderRequests(hub.pids, {
    url: `${hub.connectionUrl}/proxy${path}`,
    headers: { authorization: `Bearer ${hub.apiKey}` },
    connections,
  });
}
