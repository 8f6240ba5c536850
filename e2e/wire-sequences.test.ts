import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type LocalCloud, seededPassword, seededUsers, startLocalCloud } from '@latchkey/cloud';
import { wellKnownIds } from '@latchkey/microsoft';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createGraphCaller, type GraphCaller } from './support/register-app.ts';
import { runClient } from './support/run-client.ts';

const yearMilliseconds = 31_536_000_000;

let folder: string;
let cloud: LocalCloud;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'latchkey-wire-'));
  cloud = await startLocalCloud({ dataFolder: folder });
});
afterAll(async () => {
  await cloud.close();
  await rm(folder, { recursive: true });
});

it('lets Dataverse’s .NET clients in, who know the environment’s address alone', async () => {
  const program = new URL('./support/real-names/connect-like-xrm-tooling.ts', import.meta.url);
  const met = await runClient(program, {
    words: ['https://contoso.crm4.dynamics.com', seededUsers.salesperson],
    environment: {
      // What `latchkey cloud env` prints.
      HTTPS_PROXY: cloud.proxy,
      NODE_EXTRA_CA_CERTS: cloud.caCertificateFile ?? '',
      NODE_USE_ENV_PROXY: '1',
      PASSWORD: seededPassword,
    },
  });
  const { organizationId } = met;
  expect(met).toMatchObject({
    probed: 401,
    resource: 'https://contoso.crm4.dynamics.com/',
    realm: 'Managed',
    organization: { OrganizationId: organizationId, State: 'Enabled' },
    instances: [{ Id: organizationId, Url: 'https://contoso.crm4.dynamics.com' }],
  });
});

interface Entity {
  id: string;
  appId: string;
}

/** What CLI for Microsoft 365 sends for `entra app add … --grantAdminConsent`. */
async function addAppByCommandLine(graph: GraphCaller): Promise<{ app: Entity; secret: string }> {
  const base = '/myorganization';
  type Api = Entity & { servicePrincipalNames: string[]; oauth2PermissionScopes: { id: string }[] };
  const select = 'appId,appRoles,id,oauth2PermissionScopes,servicePrincipalNames';
  const { value: apis } = await graph<{ value: Api[] }>('GET', `${base}/servicePrincipals?$select=${select}`);
  const api = apis.find(({ servicePrincipalNames }) =>
    servicePrincipalNames.includes(wellKnownIds.dynamicsCrm),
  );
  const app = await graph<Entity>('POST', `${base}/applications`, {
    displayName: 'By command line',
    signInAudience: 'AzureADMyOrg',
    requiredResourceAccess: [
      {
        resourceAppId: wellKnownIds.dynamicsCrm,
        resourceAccess: [{ id: api?.oauth2PermissionScopes[0]?.id, type: 'Scope' }],
      },
    ],
    web: { redirectUris: ['http://localhost/callback'] },
  });
  const principal = await graph<Entity>('POST', `${base}/servicePrincipals`, { appId: app.appId });
  await graph('POST', `${base}/oauth2PermissionGrants`, {
    clientId: principal.id,
    consentType: 'AllPrincipals',
    principalId: null,
    resourceId: api?.id,
    scope: 'user_impersonation',
  });
  const endDateTime = new Date(Date.now() + yearMilliseconds).toISOString();
  const { secretText } = await graph<{ secretText: string }>(
    'POST',
    `${base}/applications/${app.id}/addPassword`,
    { passwordCredential: { displayName: 'Default', endDateTime } },
  );
  return { app, secret: secretText };
}

it('registers an app as CLI for Microsoft 365 does, and the app gets tokens by either way of proof', async () => {
  const graph = await createGraphCaller(cloud);
  const { app, secret } = await addAppByCommandLine(graph);
  const { value } = await graph<{ value: Entity[] }>('GET', '/organization');
  const endpoint = `${cloud.entra.http}/${value[0]?.id}/oauth2/v2.0/token`;
  const form = { grant_type: 'client_credentials', scope: `${cloud.crm.http}/.default` };
  // Postman and generic OAuth 2.0 products send both, and often the charset with the type.
  const basic = Buffer.from(`${app.appId}:${encodeURIComponent(secret)}`).toString('base64');
  const answers = await Promise.all([
    fetch(endpoint, {
      method: 'POST',
      headers: {
        authorization: `Basic ${basic}`,
        'content-type': 'application/x-www-form-urlencoded; charset=UTF-8',
      },
      body: new URLSearchParams(form).toString(),
    }),
    fetch(endpoint, {
      method: 'POST',
      body: new URLSearchParams({ ...form, client_id: app.appId, client_secret: secret }),
    }),
  ]);
  expect(answers.map(({ status }) => status)).toEqual([200, 200]);
});
