import { compare } from '../measuring/compare.ts';
import type { Outcome, Skipped } from '../measuring/outcome.ts';
import { startConnectedHub } from '../measuring/start-connected-hub.ts';
import { hasNginx, startNginx } from '../measuring/start-nginx.ts';
import { withFolder } from '../measuring/with-folder.ts';
import { withServers } from '../measuring/with-servers.ts';

const connections = 32;
const path = '/api/data/v9.2/accounts?$select=name&$top=20';

/** Calls through the hub with an API key, against nginx as a proxy with one worker in front of the same CRM. */
export async function proxyVsNginx(name: string): Promise<Outcome | Skipped> {
  if (!(await hasNginx())) return { name, skipped: 'nginx is not installed on this machine.' };
  return withFolder((dataFolder) =>
    withServers(async (start) => {
      const { connectionUrl, headers, ...crm } = await startConnectedHub(start, dataFolder);
      const nginx = await startNginx(dataFolder, crm);
      try {
        const compared = await compare(
          { url: `${connectionUrl}/proxy${path}`, headers, connections },
          { url: `${nginx.facts.origin}${path}`, headers, connections },
        );
        return { name, unit: 'requests/s', bar: null, passed: true, ...compared };
      } finally {
        await nginx.close();
      }
    }),
  );
}
