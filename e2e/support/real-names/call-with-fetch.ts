/**
 * A program that knows Microsoft's names and nothing of this product: discovery, client credentials and WhoAmI with
 * `fetch`, and WhoAmI with `https`. Prints what it met as one JSON line.
 */
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import https from 'node:https';

const [tenantId = '', clientId = ''] = process.argv.slice(2);
const authority = `https://login.microsoftonline.com/${tenantId}/v2.0`;
const environment = 'https://contoso.crm4.dynamics.com';

interface Discovery {
  issuer: string;
  token_endpoint: string;
}

async function readJson<T>(url: string, init?: RequestInit): Promise<T> {
  const response = await fetch(url, init);
  const text = await response.text();
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${text}`);
  const body: T = JSON.parse(text);
  return body;
}

const discovery = await readJson<Discovery>(`${authority}/.well-known/openid-configuration`);
const { access_token: token } = await readJson<{ access_token: string }>(discovery.token_endpoint, {
  method: 'POST',
  body: new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: process.env.CLIENT_SECRET ?? '',
    scope: `${environment}/.default`,
  }),
});
const headers = { authorization: `Bearer ${token}` };
const whoAmI = await readJson<object>(`${environment}/api/data/v9.2/WhoAmI`, { headers });
const [response]: IncomingMessage[] = await once(
  https.get(`${environment}/api/data/v9.2/WhoAmI`, { headers }),
  'response',
);
response?.resume();
const reachesOthers = await fetch('https://example.com/').then(
  () => true,
  () => false,
);
process.stdout.write(
  `${JSON.stringify({ discovery, token, whoAmI, statusByHttps: response?.statusCode, reachesOthers })}\n`,
);
