import { compare, sideUnderRequests } from '../measuring/compare.ts';
import type { Effort } from '../measuring/effort.ts';
import type { Outcome, Skipped } from '../measuring/outcome.ts';
import { startConnectedHub } from '../measuring/start-connected-hub.ts';
import { findNginx, startNginx } from '../measuring/start-nginx.ts';
import { withFolder } from '../measuring/with-folder.ts';

const connections = 32;
const path = '/api/data/v9.2/accounts?$select=name&$top=20';

/** Calls through the hub with an API key, against nginx as a proxy of one process in front of the same CRM. */
export async function proxyVsNginx(name: string, effort: Effort): Promise<Outcome | Skipped> {
  const nginx = findNginx();
  if (nginx === undefined)
    return { name, skipped: 'nginx is not installed on this machine, neither on the path nor in /usr/sbin.' };
  return withFolder((folder) =>
    compare(
      {
        name,
        what: 'request',
        bar: null,
        async startPair({ start, keep }) {
          const { crm, pid, connectionUrl, headers } = await startConnectedHub(start, folder);
          const bare = keep(await startNginx(nginx, folder, crm));
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
