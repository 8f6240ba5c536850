import { makeAccessToken } from './make-access-token.ts';
import type { StartServer } from './with-servers.ts';

export interface ConnectedHub {
  /** Of the CRM behind the hub. */
  origin: string;
  accessToken: string;
  connectionUrl: string;
  headers: { authorization: string };
}

/** Starts a CRM that answers 2 KB, and a hub with a connection to it. */
export async function startConnectedHub(start: StartServer, dataFolder: string): Promise<ConnectedHub> {
  const { origin } = await start<{ origin: string }>('crm');
  const accessToken = makeAccessToken(origin);
  const hub = await start<{ connectionUrl: string; apiKey: string }>('hub', {
    origin,
    accessToken,
    dataFolder,
  });
  const { connectionUrl, apiKey } = hub;
  return { origin, accessToken, connectionUrl, headers: { authorization: `Bearer ${apiKey}` } };
}
