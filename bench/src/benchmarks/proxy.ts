import { compare, sideUnderRequests } from '../measuring/compare.ts';
import type { Effort } from '../measuring/effort.ts';
import type { Outcome } from '../measuring/outcome.ts';
import { startConnectedHub } from '../measuring/start-connected-hub.ts';
import { withFolder } from '../measuring/with-folder.ts';

const connections = 32;
const path = '/api/data/v9.2/accounts?$select=name&$top=20';

/** Calls through the hub with an API key, against a bare pass-through in front of the same CRM. */
export function proxy(name: string, effort: Effort): Promise<Outcome> {
  return withFolder((dataFolder) =>
    compare(
      {
        name,
        what: 'request',
        bar: { atLeast: 0.75 },
        async startPair({ start }) {
          const { crm, pid, connectionUrl, headers } = await startConnectedHub(start, dataFolder);
          const bare = await start<{ origin: string }>('bare-proxy', crm);
          return {
            ours: sideUnderRequests(pid, { url: `${connectionUrl}/proxy${path}`, headers, connections }),
            reference: sideUnderRequests(bare.pid, { url: `${bare.origin}${path}`, headers, connections }),
          };
        },
      },
      effort,
    ),
  );
}
