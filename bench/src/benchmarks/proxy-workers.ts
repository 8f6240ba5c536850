import { compare, type Side } from '../measuring/compare.ts';
import type { Effort } from '../measuring/effort.ts';
import { makeAccessToken } from '../measuring/make-access-token.ts';
import type { Outcome } from '../measuring/outcome.ts';
import { runLoadProgram } from '../measuring/run-load-program.ts';
import { withFolder } from '../measuring/with-folder.ts';
import type { Servers } from '../measuring/with-servers.ts';

/** Of each process. */
const connections = 32;
const requestsPerSecond = 1000;
const path = '/api/data/v9.2/accounts?$select=name&$top=20';

/**
 * Calls through a hub of two processes, against half as many through one of one. Of each side the process counts that has the
 * most to do, of those that deal connections out too: by its processor time a machine with a processor for each serves so many
 * times as many. All processes get as many requests, at a rate that leaves them idle for a while: how much one costs depends
 * on that, and no small machine can keep two of them busy, load and CRM included.
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
        { ...effort, roundSeconds: effort.roundSeconds + 1 },
      ),
    ),
  );
}

async function startWorkers(start: Servers['start'], dataFolder: string, workers: number): Promise<Side> {
  const { origin } = await start<{ origin: string }>('crm');
  const settings = { origin, accessToken: makeAccessToken(origin), dataFolder, workers: String(workers) };
  const hub = await start<{ connectionUrl: string; apiKey: string; pids: number[] }>('hub-workers', settings);
  const load = {
    url: `${hub.connectionUrl}/proxy${path}`,
    headers: { authorization: `Bearer ${hub.apiKey}` },
    connections: connections * workers,
    rate: requestsPerSecond * workers,
  };
  return {
    pid: hub.pids,
    async run(seconds) {
      const { count: requests, ...durations } = await runLoadProgram('paced', { ...load, seconds });
      return { requests, requestsPerSecond: requests / seconds, ...durations };
    },
  };
}
