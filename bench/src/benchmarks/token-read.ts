import { compare, sideUnderRequests } from '../measuring/compare.ts';
import type { Effort } from '../measuring/effort.ts';
import type { Outcome } from '../measuring/outcome.ts';
import { startConnectedHub } from '../measuring/start-connected-hub.ts';
import { withFolder } from '../measuring/with-folder.ts';

const connections = 32;
const sentByNode: ReadonlySet<string> = new Set(['connection', 'content-length', 'date', 'keep-alive']);

/** Reading a connection's token with an API key, against a bare Fastify route that answers the same bytes. */
export function tokenRead(name: string, effort: Effort): Promise<Outcome> {
  return withFolder((dataFolder) =>
    compare(
      {
        name,
        what: 'request',
        bar: { atLeast: 0.75 },
        async startPair({ start }) {
          const { pid, connectionUrl, headers } = await startConnectedHub(start, dataFolder);
          const url = `${connectionUrl}/token`;
          const answer = await fetch(url, { headers });
          const bare = await start<{ origin: string }>('bare-route', {
            body: await answer.text(),
            headers: JSON.stringify(Object.fromEntries(headersOfRoute(answer.headers))),
          });
          return {
            ours: sideUnderRequests(pid, { url, headers, connections }),
            reference: sideUnderRequests(bare.pid, { url: `${bare.origin}/token`, headers, connections }),
          };
        },
      },
      effort,
    ),
  );
}

/** What Node's server sends by itself is left out: the bare route gets it, too. */
function headersOfRoute(headers: Headers): [string, string][] {
  return [...headers].filter(([name]) => !sentByNode.has(name));
}
