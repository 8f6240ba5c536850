import { wellKnownAppRoles, wellKnownIds, wellKnownScopes } from '@latchkey/microsoft';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { listAppRoleAssignments } from '../../directory/app-role-assignments.ts';
import { listPermissionGrants } from '../../directory/permission-grants.ts';
import { seededUsers } from '../../directory/seed-contoso.ts';
import { findServicePrincipalByAppId } from '../../directory/service-principals.ts';
import {
  crmAccess,
  crmOrigin,
  openTestEntra,
  sentParameter,
  signIn,
  type TestApp,
  type TestEntra,
  testRedirectUri,
} from '../testing/open-test-entra.ts';
import { hasElement, type Shown } from '../testing/scripted-browser.ts';

let entra: TestEntra;
beforeAll(async () => {
  entra = await openTestEntra();
});
afterAll(() => entra.close());

async function open(
  path: string,
  { clientId }: TestApp,
  more: Record<string, string> = {},
  user: string = seededUsers.administrator,
): Promise<Shown> {
  const query = new URLSearchParams({
    client_id: clientId,
    redirect_uri: testRedirectUri,
    state: '12345',
    ...more,
  });
  return signIn(await entra.browser().open(`${path}?${query.toString()}`), user);
}

function grantsOf({ clientId }: TestApp): { scope: string; consentType: string }[] {
  const { directory } = entra.context;
  const principal = findServicePrincipalByAppId(directory, entra.tenant.id, clientId);
  return listPermissionGrants(directory, entra.tenant.id)
    .filter((grant) => grant.clientId === principal?.id)
    .map(({ scope, consentType }) => ({ scope, consentType }));
}

it('v1 grants all that the registration lists, application permissions too, and sends no code', async () => {
  const app = entra.createApp({
    isInstalled: false,
    document: {
      requiredResourceAccess: [
        crmAccess,
        {
          resourceAppId: wellKnownIds.microsoftGraph,
          resourceAccess: [
            { id: wellKnownScopes.microsoftGraph['User.Read'].id, type: 'Scope' },
            { id: wellKnownAppRoles.microsoftGraph['Organization.Read.All'].id, type: 'Role' },
          ],
        },
      ],
    },
  });
  const consent = await open('/organizations/adminconsent', {
    ...app,
    clientId: entra.createApp({ document: { signInAudience: 'AzureADMultipleOrgs' } }).clientId,
  });
  expect(consent.html).toContain('Accept for your organization');
  const own = await open(`/${entra.tenant.id}/adminconsent`, app);
  expect(own.html).toContain('Read organization information');
  expect(own.html).toContain('Access Common Data Service as organization users');
  const done = await own.submit();
  expect(sentParameter(done, 'admin_consent')).toBe('True');
  expect(sentParameter(done, 'tenant')).toBe(entra.tenant.id);
  expect(sentParameter(done, 'state')).toBe('12345');
  expect(done.location?.searchParams.has('code')).toBe(false);
  expect(grantsOf(app)).toEqual(
    expect.arrayContaining([
      { scope: 'user_impersonation', consentType: 'AllPrincipals' },
      { scope: 'User.Read', consentType: 'AllPrincipals' },
    ]),
  );
  const { directory } = entra.context;
  const principal = findServicePrincipalByAppId(directory, entra.tenant.id, app.clientId);
  expect(listAppRoleAssignments(directory, principal?.id ?? '').map((item) => item.appRoleId)).toEqual([
    wellKnownAppRoles.microsoftGraph['Organization.Read.All'].id,
  ]);
});

it('v2 grants the scopes that are named, of several APIs at once', async () => {
  const app = entra.createApp();
  const scope = `${crmOrigin}/user_impersonation https://graph.microsoft.com/User.Read`;
  const done = await (await open(`/${entra.tenant.id}/v2.0/adminconsent`, app, { scope })).submit();
  expect(sentParameter(done, 'scope')).toBe(scope);
  expect(sentParameter(done, 'tenant')).toBe(entra.tenant.id);
  expect(grantsOf(app)).toHaveLength(2);
});

it('a refusal carries admin_consent=True as well, and no tenant', async () => {
  const app = entra.createApp();
  const refused = await (await open(`/${entra.tenant.id}/adminconsent`, app)).submit({}, 'idBtn_Back');
  expect(sentParameter(refused, 'error')).toBe('access_denied');
  expect(sentParameter(refused, 'error_description')).toContain('AADSTS65004');
  expect(sentParameter(refused, 'admin_consent')).toBe('True');
  expect(sentParameter(refused, 'state')).toBe('12345');
  expect(refused.location?.searchParams.has('tenant')).toBe(false);
  expect(grantsOf(app)).toEqual([]);
});

it('a person who is no administrator gets no further', async () => {
  const shown = await open(
    `/${entra.tenant.id}/adminconsent`,
    entra.createApp(),
    {},
    seededUsers.salesperson,
  );
  expect(shown.html).toContain('Need admin approval');
  expect(hasElement(await shown.submit({}, 'other'), 'i0116')).toBe(true);
});

it.each([
  [
    'an unregistered redirect URI',
    `/contoso.onmicrosoft.com/adminconsent`,
    { redirect_uri: 'https://e.example' },
    '50011',
  ],
  ['v2 without scope', `/contoso.onmicrosoft.com/v2.0/adminconsent`, {}, '900144'],
  ['v2 on common', '/common/v2.0/adminconsent', { scope: `${crmOrigin}/.default` }, '90130'],
])('shows a page for %s', async (_name, path, changes, code) => {
  const { clientId } = entra.createApp({ document: { signInAudience: 'AzureADMultipleOrgs' } });
  const query = new URLSearchParams({ client_id: clientId, redirect_uri: testRedirectUri, ...changes });
  const shown = await entra.browser().open(`${path}?${query.toString()}`);
  expect(shown.status).toBe(400);
  expect(shown.html).toContain(`AADSTS${code}`);
});
