import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import type { LocalCloud } from '@latchkey/cloud';
import { Client } from '@microsoft/microsoft-graph-client';
import { signInAsAdministrator } from './sign-in-as-administrator.ts';

/**
 * Microsoft Graph's own client for a local cloud, over HTTPS, as the seeded administrator.
 *
 * @param scopes Graph's permissions; those that register apps when left out
 */
export async function openGraphClient(cloud: LocalCloud, scopes?: readonly string[]): Promise<Client> {
  // Does for an authority that was made a moment ago what NODE_EXTRA_CA_CERTS does at the start.
  setDefaultCACertificates([...getCACertificates('default'), cloud.caCertificate]);
  const token = await signInAsAdministrator(cloud, scopes);
  return Client.initWithMiddleware({
    baseUrl: `${cloud.graph.https}/`,
    customHosts: new Set([new URL(cloud.graph.https).hostname]),
    authProvider: { getAccessToken: async () => token },
  });
}
