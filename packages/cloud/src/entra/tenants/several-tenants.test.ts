import { wellKnownIds, wellKnownScopes } from '@latchkey/microsoft';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { seededUsers } from '../../directory/seed-contoso.ts';
import {
  findServicePrincipalByAppId,
  listServicePrincipals,
  updateServicePrincipal,
} from '../../directory/service-principals.ts';
import { findTenant } from '../../directory/tenants.ts';
import { applySeed } from '../../seed/apply-seed.ts';
import {
  authorizeUrl,
  claimsOf,
  openTestEntra,
  sentParameter,
  signIn,
  type TestApp,
  type TestEntra,
  testRedirectUri,
} from '../testing/open-test-entra.ts';
import { hasElement, type Shown } from '../testing/scripted-browser.ts';

const domains = { contoso: 'contoso.onmicrosoft.com', fabrikam: 'fabrikam.onmicrosoft.com' };
const ada = 'ada@fabrikam.example';
const graph = 'https://graph.microsoft.com';
const scope = `${graph}/User.Read openid profile offline_access`;
let entra: TestEntra;
let ids: Record<keyof typeof domains, string>;

beforeAll(async () => {
  entra = await openTestEntra();
  applySeed(entra.context.directory, {
    tenants: [
      {
        displayName: 'Fabrikam',
        domains: [domains.fabrikam, 'fabrikam.example'],
        users: [{ userPrincipalName: ada, directoryRoles: ['Global Administrator'] }],
      },
    ],
  });
  const idOf = (domain: string) => findTenant(entra.context.directory, domain)?.id ?? '';
  ids = { contoso: idOf(domains.contoso), fabrikam: idOf(domains.fabrikam) };
});
afterAll(() => entra.close());

function createApp(signInAudience: 'AzureADMyOrg' | 'AzureADMultipleOrgs' = 'AzureADMultipleOrgs'): TestApp {
  const userRead = wellKnownScopes.microsoftGraph['User.Read'].id;
  return entra.createApp({
    document: {
      signInAudience,
      requiredResourceAccess: [
        { resourceAppId: wellKnownIds.microsoftGraph, resourceAccess: [{ id: userRead, type: 'Scope' }] },
      ],
    },
  });
}

function open({ clientId }: TestApp, tenant: string): Promise<Shown> {
  const asked = { client_id: clientId, redirect_uri: testRedirectUri, scope };
  return entra.browser().open(authorizeUrl(entra, 2, asked, tenant));
}

async function signInForCode(app: TestApp, tenant: string, user: string): Promise<string> {
  const shown = await signIn(await open(app, tenant), user);
  return sentParameter(hasElement(shown, 'idBtn_Back') ? await shown.submit() : shown, 'code');
}

function send(
  { clientId, secret }: TestApp,
  tenant: string,
  form: Record<string, string>,
  version: 1 | 2 = 2,
) {
  const path = version === 1 ? 'oauth2/token' : 'oauth2/v2.0/token';
  return entra.post(`/${tenant}/${path}`, { client_id: clientId, client_secret: secret, ...form });
}

const asApp = { grant_type: 'client_credentials', scope: `${graph}/.default` };
const withCode = (code: string) => ({
  grant_type: 'authorization_code',
  redirect_uri: testRedirectUri,
  code,
});

async function consentInFabrikam(app: TestApp): Promise<void> {
  const query = new URLSearchParams({
    client_id: app.clientId,
    redirect_uri: testRedirectUri,
    scope: `${graph}/.default`,
  });
  const page = await entra.browser().open(`/${domains.fabrikam}/v2.0/adminconsent?${query.toString()}`);
  const shown = await (await signIn(page, ada)).submit();
  expect(sentParameter(shown, 'tenant')).toBe(ids.fabrikam);
}

it('gives one app a service principal, and tokens of its own, in each tenant that let it in', async () => {
  const app = createApp();
  const before = await send(app, domains.fabrikam, asApp);
  expect(before.json.error_codes).toEqual([700016]);
  await consentInFabrikam(app);
  const principals = Object.values(ids).map((id) =>
    findServicePrincipalByAppId(entra.context.directory, id, app.clientId),
  );
  const [contoso, fabrikam] = principals;
  expect(fabrikam?.document.appOwnerOrganizationId).toBe(ids.contoso);
  expect(new Set(principals.map((principal) => principal?.id)).size).toBe(2);
  for (const [tenant, tid, oid] of [
    [domains.contoso, ids.contoso, contoso?.id],
    [domains.fabrikam, ids.fabrikam, fabrikam?.id],
    ['FABRIKAM.Example', ids.fabrikam, fabrikam?.id],
  ] as const) {
    const v2 = await send(app, tenant, asApp);
    const v1 = await send(app, tenant, { grant_type: 'client_credentials', resource: graph }, 1);
    for (const { json } of [v1, v2]) {
      expect(claimsOf(json.access_token)).toMatchObject({
        tid,
        oid,
        sub: oid,
        iss: `https://sts.windows.net/${tid}/`,
        appid: app.clientId,
      });
    }
  }
});

it('takes an app away from one tenant alone', async () => {
  const { directory } = entra.context;
  const app = createApp();
  await consentInFabrikam(app);
  const principal = findServicePrincipalByAppId(directory, ids.fabrikam, app.clientId);
  if (principal) updateServicePrincipal(directory, { ...principal, accountEnabled: false });
  expect((await send(app, domains.fabrikam, asApp)).json.error_codes).toEqual([7000112]);
  expect((await send(app, domains.contoso, asApp)).status).toBe(200);
});

it('brings an app into the tenant of whoever consents, and nowhere else', async () => {
  const app = createApp();
  const code = await signInForCode(app, 'organizations', ada);
  const { json } = await send(app, 'organizations', withCode(code));
  expect(claimsOf(json.id_token)).toMatchObject({
    tid: ids.fabrikam,
    iss: `http://localhost:4481/${ids.fabrikam}/v2.0`,
    preferred_username: ada,
  });
  const inFabrikam = listServicePrincipals(entra.context.directory, ids.fabrikam);
  expect(inFabrikam.map(({ appId }) => appId)).toContain(app.clientId);
  // Contoso's people are asked for themselves.
  const page = await signIn(await open(app, 'organizations'), seededUsers.salesperson);
  expect(page.html).toContain('Permissions requested');
});

it.each([1, 2] as const)('knows a single-tenant app in its own tenant alone (v%i)', async (version) => {
  const app = createApp('AzureADMyOrg');
  const form = version === 1 ? { grant_type: 'client_credentials', resource: graph } : asApp;
  expect((await send(app, domains.fabrikam, form, version)).json).toMatchObject({
    error: 'unauthorized_client',
    error_codes: [700016],
  });
  expect((await send(app, domains.contoso, form, version)).status).toBe(200);
  expect((await open(app, domains.fabrikam)).html).toContain('AADSTS700016');
  expect((await open(app, 'organizations')).html).toContain('AADSTS50194');
  const device = await entra.post(`/${domains.fabrikam}/oauth2/v2.0/devicecode`, {
    client_id: app.clientId,
    scope,
  });
  expect(device.json.error_codes).toEqual([700016]);
});

it('lets nobody of another tenant sign in', async () => {
  const shown = await signIn(await open(createApp(), domains.contoso), ada);
  expect(shown.html).toContain(`https://sts.windows.net/${ids.fabrikam}/`);
  expect(shown.html).toMatch(/AADSTS50020|Error Code: 50020/);
});

it('redeems codes and refresh tokens at the tenant of the person alone', async () => {
  const app = createApp();
  await consentInFabrikam(app);
  const code = await signInForCode(app, 'common', seededUsers.administrator);
  expect((await send(app, domains.fabrikam, withCode(code))).json.error_codes).toEqual([700005]);
  const { json } = await send(app, domains.contoso, withCode(code));
  const refresh = (tenant: string) =>
    send(app, tenant, { grant_type: 'refresh_token', refresh_token: String(json.refresh_token), scope });
  const refused = (await refresh(domains.fabrikam)).json;
  expect(refused).toMatchObject({ error: 'invalid_grant', error_codes: [50020] });
  expect(refused.error_description).toContain("does not exist in tenant 'Fabrikam'");
  for (const tenant of ['common', 'organizations', ids.contoso]) {
    expect(claimsOf((await refresh(tenant)).json.access_token).tid).toBe(ids.contoso);
  }
});

it('tells every verified domain of a tenant by the same issuer', async () => {
  for (const name of [domains.fabrikam, 'fabrikam.example', ids.fabrikam.toUpperCase()]) {
    const answer = await entra.app.inject(`/${name}/v2.0/.well-known/openid-configuration`);
    expect(answer.json()).toMatchObject({
      issuer: `http://localhost:4481/${ids.fabrikam}/v2.0`,
      token_endpoint: `http://localhost:4481/${ids.fabrikam}/oauth2/v2.0/token`,
    });
  }
});
