import { makeAccessToken } from './make-access-token.ts';
import type { Servers } from './with-servers.ts';

export interface ConnectedHub {
  /** The CRM behind the hub, and the token that it takes. */
  crm: { origin: string; accessToken: string };
  pid: number;
  connectionUrl: string;
  headers: { authorization: string };
}

/** Starts a CRM that answers 2 KB, and a hub with a connection to it. @param server what runs the hub */
export async function startConnectedHub(
  start: Servers['start'],
  dataFolder: string,
  server: 'hub' | 'watched-hub' = 'hub',
): Promise<ConnectedHub> {
  const { origin } = await start<{ origin: string }>('crm');
  const accessToken = makeAccessToken(origin);
  const hub = await start<{ connectionUrl: string; apiKey: string }>(server, {
    origin,
    accessToken,
    dataFolder,
  });
  const { pid, connectionUrl, apiKey } = hub;
  return { crm: { origin, accessToken }, pid, connectionUrl, headers: { authorization: `Bearer ${apiKey}` } };
}
