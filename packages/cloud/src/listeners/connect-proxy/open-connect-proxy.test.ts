import { wellKnownIds } from '@latchkey/microsoft';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { registerAdmin } from '../../admin/register-admin.ts';
import { systemClock } from '../../clock.ts';
import { createCloudContext, type ServicesContext } from '../../create-cloud-context.ts';
import { registerDataverse } from '../../dataverse/register-dataverse.ts';
import { seededPassword, seededUsers } from '../../directory/seed-contoso.ts';
import { findTenant } from '../../directory/tenants.ts';
import { registerEntra } from '../../entra/register-entra.ts';
import { registerGraph } from '../../graph/register-graph.ts';
import { registerPortal } from '../../portal/register-portal.ts';
import type { Seed } from '../../seed/seed-schema.ts';
import type { CloudAddresses } from '../../service-origins.ts';
import { textLike } from '../../testing/expected.ts';
import { readObject, textOf } from '../../testing/read-json.ts';
import { type Certificates, openCertificates } from '../open-certificates.ts';
import { openReach } from '../open-reach.ts';
import { sendRequest } from '../testing/send-request.ts';
import { type ProxiedAnswer, type ProxiedRequest, sendThroughProxy } from '../testing/send-through-proxy.ts';
import { type ConnectProxy, openConnectProxy } from './open-connect-proxy.ts';

const local = (port: number) => ({
  http: `http://localhost:${port}`,
  https: `https://localhost:${port + 10}`,
});
const addresses: CloudAddresses = {
  entra: local(4481),
  graph: local(4482),
  crm: local(4483),
  portal: local(4484),
  admin: local(4486),
};
let context: ServicesContext;
let certificates: Certificates;
let proxy: ConnectProxy;
const client = { clientId: '7a1c0000-0000-4000-8000-000000000003', secret: 'a-secret-for-tests-only' };
const apps: FastifyInstance[] = [];

beforeAll(async () => {
  const seed: Seed = {
    tenants: [
      {
        displayName: 'Contoso',
        domains: ['contoso.onmicrosoft.com'],
        applications: [
          { displayName: 'Nightly', appId: client.clientId, secrets: [{ value: client.secret }] },
        ],
      },
      {
        displayName: 'Fabrikam',
        domains: ['fabrikam.onmicrosoft.us'],
        environments: [
          { urlName: 'fabrikam', regionHost: 'crm.microsoftdynamics.us' },
          { urlName: 'fabrikam', regionHost: 'crm.dynamics.cn' },
        ],
      },
    ],
  };
  context = await createCloudContext({ file: ':memory:', clock: systemClock, addresses, seed });
  certificates = await openCertificates({ folder: null, further: [], now: Date.now() });
  const [entra, graph, crm, portal, admin] = [Fastify(), Fastify(), Fastify(), Fastify(), Fastify()];
  await registerEntra(entra, context);
  registerGraph(graph, context);
  registerDataverse(crm, context);
  await registerPortal(portal, context, { fetch, movableClock: null });
  registerAdmin(admin, context);
  apps.push(entra, graph, crm, portal, admin);
  await Promise.all(apps.map((app) => app.ready()));
  const services = { entra, graph, crm, portal, admin };
  proxy = await openConnectProxy({
    port: 0,
    reach: openReach(),
    certificates,
    now: Date.now,
    context,
    take: (service, request, response) => services[service].routing(request, response),
  });
});

afterAll(async () => {
  await proxy.close();
  await Promise.all(apps.map((app) => app.close()));
  context.directory.close();
});

const send = (url: string, options: Partial<ProxiedRequest> = {}): Promise<ProxiedAnswer> =>
  sendThroughProxy({ proxy: proxy.origin, ca: certificates.authority.certificate, url, ...options });
const discoveryPath = '/contoso.onmicrosoft.com/v2.0/.well-known/openid-configuration';

it.each([
  ['login.microsoftonline.com', 'login.microsoftonline.com'],
  ['login.windows.net', 'login.microsoftonline.com'],
  ['westus2.login.microsoft.com', 'login.microsoftonline.com'],
  ['westeurope.r.login.microsoftonline.com', 'login.microsoftonline.com'],
  ['usgovvirginia.login.microsoftonline.us', 'login.microsoftonline.us'],
  ['login.microsoftonline.us', 'login.microsoftonline.us'],
  ['login.partner.microsoftonline.cn', 'login.partner.microsoftonline.cn'],
])('%s describes Entra ID by the names of %s', async (host, authority) => {
  const { body } = await send(`https://${host}${discoveryPath}`);
  const metadata = readObject(body);
  expect(metadata.issuer).toMatch(new RegExp(`^https://${authority}/[0-9a-f-]{36}/v2.0$`));
  expect(new URL(textOf(metadata, 'token_endpoint')).host).toBe(authority);
});

it.each([
  ['login.microsoftonline.com', 'https://sts.windows.net', 'graph.microsoft.com'],
  ['login.microsoftonline.us', 'https://sts.windows.net', 'graph.microsoft.us'],
  ['login.chinacloudapi.cn', 'https://sts.chinacloudapi.cn', 'microsoftgraph.chinacloudapi.cn'],
])('%s issues v1 tokens as %s', async (host, tokenService, graphHost) => {
  const tenantId = findTenant(context.directory, 'contoso.onmicrosoft.com')?.id;
  const { body } = await send(`https://${host}/${tenantId}/.well-known/openid-configuration`);
  expect(JSON.parse(body)).toMatchObject({
    issuer: `${tokenService}/${tenantId}/`,
    msgraph_host: graphHost,
  });
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: client.clientId,
    client_secret: client.secret,
    resource: `https://${graphHost}`,
  });
  const token = await send(`https://${host}/${tenantId}/oauth2/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: form.toString(),
  });
  const accessToken = textOf(readObject(token.body), 'access_token');
  const claims = readObject(Buffer.from(accessToken.split('.')[1] ?? '', 'base64url').toString());
  expect(claims).toMatchObject({ iss: `${tokenService}/${tenantId}/`, idp: `${tokenService}/${tenantId}/` });
  // And Graph takes it: an app without permissions is known, and refused.
  const answer = await send(`https://${graphHost}/v1.0/applications`, {
    headers: { authorization: `Bearer ${accessToken}` },
  });
  expect(answer.status).toBe(403);
});

it.each([
  ['graph.microsoft.com', 'https://login.microsoftonline.com'],
  ['graph.microsoft.us', 'https://login.microsoftonline.us'],
  ['microsoftgraph.chinacloudapi.cn', 'https://login.partner.microsoftonline.cn'],
])('%s is Graph, and sends to %s to sign in', async (host, authority) => {
  const { status, headers } = await send(`https://${host}/v1.0/me`);
  expect(status).toBe(401);
  expect(headers['www-authenticate']).toContain(`authorization_uri="${authority}/common/oauth2/authorize"`);
});

it.each([
  ['contoso.crm4.dynamics.com', 'https://login.microsoftonline.com', 'contoso.onmicrosoft.com'],
  ['contoso.api.crm4.dynamics.com', 'https://login.microsoftonline.com', 'contoso.onmicrosoft.com'],
  ['fabrikam.crm.microsoftdynamics.us', 'https://login.microsoftonline.us', 'fabrikam.onmicrosoft.us'],
  ['fabrikam.api.crm.dynamics.cn', 'https://login.partner.microsoftonline.cn', 'fabrikam.onmicrosoft.us'],
])('%s is an environment, by that name', async (host, authority, domain) => {
  const { status, headers } = await send(`https://${host}/api/data/v9.2/WhoAmI`);
  expect(status).toBe(401);
  const tenantId = findTenant(context.directory, domain)?.id;
  expect(headers['www-authenticate']).toBe(
    `Bearer authorization_uri=${authority}/${tenantId}/oauth2/authorize, resource_id=https://${host}/`,
  );
});

it.each([
  ['globaldisco.crm.dynamics.com', 'https://login.microsoftonline.com'],
  ['globaldisco.crm9.dynamics.com', 'https://login.microsoftonline.com'],
  ['globaldisco.crm.microsoftdynamics.us', 'https://login.microsoftonline.us'],
  ['globaldisco.crm.appsplatform.us', 'https://login.microsoftonline.us'],
  ['globaldisco.crm.dynamics.cn', 'https://login.partner.microsoftonline.cn'],
])('%s is the discovery service, and sends to %s to sign in', async (host, authority) => {
  const { status, headers } = await send(`https://${host}/api/discovery/v2.0/Instances`);
  expect(status).toBe(401);
  expect(headers['www-authenticate']).toBe(
    `Bearer authorization_uri=${authority}/common/oauth2/authorize, resource_id=https://${host}/`,
  );
});

it('tells a client of Azure where to sign in', async () => {
  const endpoints = await send('https://management.azure.com/metadata/endpoints?api-version=2015-01-01');
  expect(readObject(endpoints.body)).toMatchObject({
    authentication: { loginEndpoint: 'https://login.microsoftonline.com' },
  });
});

it('tells Azure’s tools whose tenant they signed in to, and that it has no subscriptions', async () => {
  const tenantId = findTenant(context.directory, 'contoso.onmicrosoft.com')?.id ?? '';
  const call = (path: string, headers: Record<string, string>) =>
    send(`https://management.azure.com${path}?api-version=2022-12-01`, { headers });
  expect((await call('/tenants', {})).status).toBe(401);
  const form = new URLSearchParams({
    grant_type: 'password',
    client_id: wellKnownIds.azureCli,
    username: seededUsers.salesperson,
    password: seededPassword,
    scope: 'https://management.core.windows.net//.default',
  });
  const token = await send(`https://login.microsoftonline.com/${tenantId}/oauth2/v2.0/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: form.toString(),
  });
  const headers = { authorization: `Bearer ${textOf(readObject(token.body), 'access_token')}` };
  const tenants = await call('/tenants', headers);
  expect(readObject(tenants.body).value).toMatchObject([
    { tenantId, displayName: 'Contoso', defaultDomain: 'contoso.onmicrosoft.com' },
  ]);
  expect(readObject((await call('/subscriptions', headers)).body).value).toEqual([]);
  expect((await call('/providers', headers)).status).toBe(404);
  const graphAnswer = await send('https://graph.microsoft.com/v1.0/me', { headers });
  expect(graphAnswer.status).toBe(401);
});

it.each([
  ['https://example.com/', "stands in for Microsoft's sign-in"],
  ['https://fabrikam.crm4.dynamics.com/', 'contoso.crm4.dynamics.com'],
  ['https://login.microsoftonline.com:8443/', 'answers on port 443 only'],
  ['https://login.microsoftonline.com.example.com/', 'NO_PROXY'],
  ['https://a.b.login.microsoft.com/', 'NO_PROXY'],
])('refuses a tunnel to %s and says why', async (url, reason) => {
  const { tunnelStatus, body } = await send(url);
  expect(tunnelStatus).toBe(403);
  expect(body).toContain(reason);
});

it('refuses plain HTTP, as a proxy and as a server', async () => {
  const { port } = new URL(proxy.origin);
  const answer = await sendRequest(proxy.origin, { path: 'http://graph.microsoft.com/v1.0/me', port });
  expect(answer.status).toBe(403);
  expect(answer.body).toContain('Set HTTPS_PROXY');
});

it('takes requests with their whole address, as clients without tunnels send them', async () => {
  const { port } = new URL(proxy.origin);
  const ask = (path: string, headers: Record<string, string> = {}) =>
    sendRequest(proxy.origin, { path, port, headers });
  const discovery = await ask(`https://login.windows.net${discoveryPath}?x=1`, { host: 'login.windows.net' });
  expect(readObject(discovery.body).token_endpoint).toMatch(/^https:\/\/login\.microsoftonline\.com\//);
  expect((await ask('https://contoso.crm4.dynamics.com/api/data/v9.2/WhoAmI')).status).toBe(401);
  const refused = await ask('https://example.com/');
  expect([refused.status, refused.body]).toEqual([403, expect.stringContaining('not for example.com')]);
  expect((await ask('https://graph.microsoft.com:8443/v1.0/me')).status).toBe(403);
});

it('goes by the name in the TLS handshake, and by the Host header where there is none', async () => {
  const misdirected = await send('https://graph.microsoft.com/v1.0/me', {
    headers: { host: 'login.microsoftonline.com' },
  });
  expect(misdirected.status).toBe(421);
  const nameless = await send('https://graph.microsoft.com/v1.0/me', { serverName: '' });
  expect(nameless.status).toBe(401);
  await expect(
    send('https://graph.microsoft.com/v1.0/me', { serverName: 'example.com' }),
  ).rejects.toMatchObject({ code: textLike(/^(ECONNRESET|ERR_SSL_)/) });
});

it('closes with tunnels open', async () => {
  const other = await openConnectProxy({
    port: 0,
    reach: openReach(),
    certificates,
    now: Date.now,
    context,
    take: () => {},
  });
  const pending = sendThroughProxy({
    proxy: other.origin,
    ca: certificates.authority.certificate,
    url: 'https://graph.microsoft.com/',
  });
  await send('https://graph.microsoft.com/');
  const [sent, closed] = await Promise.allSettled([pending, other.close()]);
  expect(sent).toMatchObject({ status: 'rejected', reason: { code: 'ECONNRESET' } });
  expect(closed.status).toBe('fulfilled');
});

it.each([
  ['portal.azure.com', 'https://login.microsoftonline.com'],
  ['entra.microsoft.com', 'https://login.microsoftonline.com'],
  ['portal.azure.us', 'https://login.microsoftonline.us'],
])('has the portal at %s, whose sign-in ends there', async (host, authority) => {
  const { status, headers } = await send(`https://${host}/app-registrations`);
  expect(status).toBe(303);
  const location = new URL(headers.location ?? '');
  expect(location.origin).toBe(authority);
  expect(location.searchParams.get('redirect_uri')).toBe(`https://${host}/signin/index/`);
  // The redirect URI is registered: Entra ID asks who it is, and shows no error.
  const page = await send(location.href);
  expect([page.status, page.body]).toEqual([200, expect.stringContaining('id="i0116"')]);
});
