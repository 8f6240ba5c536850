import { compare } from '../measuring/compare.ts';
import { type Outcome, passes } from '../measuring/outcome.ts';
import { startConnectedHub } from '../measuring/start-connected-hub.ts';
import { withFolder } from '../measuring/with-folder.ts';
import { withServers } from '../measuring/with-servers.ts';

const connections = 32;
const sentByNode: ReadonlySet<string> = new Set(['connection', 'content-length', 'date', 'keep-alive']);
const bar = { atLeast: 0.6 };

/** Reading a connection's token with an API key, against a bare Fastify route that answers the same bytes. */
export function tokenRead(name: string): Promise<Outcome> {
  return withFolder((dataFolder) =>
    withServers(async (start) => {
      const { connectionUrl, headers } = await startConnectedHub(start, dataFolder);
      const url = `${connectionUrl}/token`;
      const answer = await fetch(url, { headers });
      const bare = await start<{ origin: string }>('bare-route', {
        body: await answer.text(),
        headers: JSON.stringify(Object.fromEntries(headersOfRoute(answer.headers))),
      });
      const compared = await compare(
        { url, headers, connections },
        { url: `${bare.origin}/token`, headers, connections },
      );
      return { name, unit: 'requests/s', bar, passed: passes(compared.ratio, bar), ...compared };
    }),
  );
}

/** What Node's server sends by itself is left out: the bare route gets it, too. */
function headersOfRoute(headers: Headers): [string, string][] {
  return [...headers].filter(([name]) => !sentByNode.has(name));
}
