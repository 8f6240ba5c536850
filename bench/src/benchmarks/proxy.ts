import { compare } from '../measuring/compare.ts';
import { type Outcome, passes } from '../measuring/outcome.ts';
import { startConnectedHub } from '../measuring/start-connected-hub.ts';
import { withFolder } from '../measuring/with-folder.ts';
import { withServers } from '../measuring/with-servers.ts';

const connections = 32;
const path = '/api/data/v9.2/accounts?$select=name&$top=20';
const bar = { atLeast: 0.75 };

/** Calls through the hub with an API key, against a bare pass-through in front of the same CRM. */
export function proxy(name: string): Promise<Outcome> {
  return withFolder((dataFolder) =>
    withServers(async (start) => {
      const { origin, accessToken, connectionUrl, headers } = await startConnectedHub(start, dataFolder);
      const bare = await start<{ origin: string }>('bare-proxy', { origin, accessToken });
      const compared = await compare(
        { url: `${connectionUrl}/proxy${path}`, headers, connections },
        { url: `${bare.origin}${path}`, headers, connections },
      );
      return { name, unit: 'requests/s', bar, passed: passes(compared.ratio, bar), ...compared };
    }),
  );
}
