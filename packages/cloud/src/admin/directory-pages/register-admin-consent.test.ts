import { wellKnownIds } from '@latchkey/microsoft';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { listAppRoleAssignments } from '../../directory/app-role-assignments.ts';
import { listGrantsOfClient } from '../../directory/permission-grants.ts';
import { findServicePrincipalByAppId } from '../../directory/service-principals.ts';
import { findTenant } from '../../directory/tenants.ts';
import { type OpenedCloud, openLocalCloud } from '../../testing/open-local-cloud.ts';
import { readObject } from '../../testing/read-json.ts';

const azureCli = '04b07795-8ddb-461a-bbee-02f9e1bf7b46';
const [crmApp, roleApp, brokenApp, foreignApp] = [1, 2, 3, 4].map(
  (number) => `7a1c0000-0000-4000-8000-00000000ad0${number}`,
);
const applicationAdministrator = 'apps@contoso.onmicrosoft.com';
const gone = 'c0ffee00-0000-4000-8000-000000000000';

let cloud: OpenedCloud;
beforeAll(async () => {
  cloud = await openLocalCloud({
    seed: {
      tenants: [
        {
          displayName: 'Contoso',
          domains: ['contoso.onmicrosoft.com'],
          users: [
            { userPrincipalName: applicationAdministrator, directoryRoles: ['Application Administrator'] },
          ],
          applications: [
            {
              displayName: 'CRM',
              appId: crmApp,
              servicePrincipal: 'none',
              permissions: [
                { api: 'Dynamics CRM', delegated: ['user_impersonation'] },
                { api: 'Microsoft Graph', delegated: ['User.Read', 'offline_access'] },
              ],
            },
            {
              displayName: 'Roles',
              appId: roleApp,
              permissions: [{ api: 'Microsoft Graph', application: ['User.Read.All'] }],
            },
            {
              displayName: 'Broken',
              appId: brokenApp,
              manifest: {
                requiredResourceAccess: [
                  { resourceAppId: gone, resourceAccess: [{ id: gone, type: 'Scope' }] },
                ],
              },
            },
          ],
        },
        {
          displayName: 'Fabrikam',
          domains: ['fabrikam.onmicrosoft.com'],
          applications: [
            {
              displayName: 'Foreign',
              appId: foreignApp,
              manifest: { signInAudience: 'AzureADMultipleOrgs' },
            },
          ],
        },
      ],
    },
  });
});
afterAll(() => cloud.close());

const tokenOf = (user: string, resource: string = wellKnownIds.azureDirectoryPages) =>
  cloud.issueToken({ user, app: azureCli, resource });

async function consent(appId: string | undefined, token: string, query = '?onBehalfOfAll=true') {
  const answer = await fetch(`${cloud.admin.http}/api/RegisteredApplications/${appId}/Consent${query}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'x-requested-with': 'XMLHttpRequest',
      'x-ms-correlation-id': 'c0ffee00-0000-4000-8000-0000000000cc',
    },
  });
  const text = await answer.text();
  return { status: answer.status, body: text === '' ? {} : readObject(text) };
}

function principalOf(appId = '') {
  const { directory } = cloud.context;
  const tenantId = findTenant(directory, 'contoso.onmicrosoft.com')?.id ?? '';
  const principal = findServicePrincipalByAppId(directory, tenantId, appId);
  return { directory, tenantId, id: principal?.id ?? '' };
}

const administrator = 'admin@contoso.onmicrosoft.com';

it('consents for everybody to what the registration lists, making the service principal', async () => {
  expect(await consent(crmApp, await tokenOf(administrator))).toEqual({ status: 204, body: {} });
  const { directory, tenantId, id } = principalOf(crmApp);
  const grants = listGrantsOfClient(directory, tenantId, id);
  expect(grants.every(({ consentType }) => consentType === 'AllPrincipals')).toBe(true);
  const scopes = grants.flatMap(({ scope }) => scope.split(' '));
  expect(scopes.sort()).toEqual(['User.Read', 'offline_access', 'user_impersonation']);
});

it('grants application permissions, which takes an administrator who may', async () => {
  const { directory, id } = principalOf(roleApp);
  expect((await consent(roleApp, await tokenOf(applicationAdministrator))).status).toBe(403);
  expect(listAppRoleAssignments(directory, id)).toEqual([]);
  expect((await consent(roleApp, await tokenOf(administrator))).status).toBe(204);
  expect(listAppRoleAssignments(directory, id)).toHaveLength(1);
});

it('refuses others in the words that command lines show', async () => {
  const { status, body } = await consent(crmApp, await tokenOf('sales@contoso.onmicrosoft.com'));
  expect([status, body]).toMatchObject([
    403,
    {
      ClassName: 'Microsoft.Portal.Framework.Exceptions.ClientException',
      HttpStatusCode: 403,
      Message: expect.stringMatching(
        /^Graph call failed with httpCode=Forbidden, errorCode=Authorization_RequestDenied, errorMessage=This operation can only be performed by an administrator\..* correlationId = c0ffee00-0000-4000-8000-0000000000cc$/,
      ),
    },
  ]);
});

it('takes tokens of people for itself alone', async () => {
  for (const token of ['', 'a.b.c', await tokenOf(administrator, 'https://graph.microsoft.com')]) {
    const { status, body } = await consent(crmApp, token);
    expect([status, body.Message]).toEqual([401, expect.stringContaining('httpCode=Unauthorized')]);
  }
  const own = await cloud.issueToken({ app: roleApp ?? '', resource: wellKnownIds.azureDirectoryPages });
  expect((await consent(crmApp, own)).status).toBe(403);
});

it.each<[string, string | undefined, string, number]>([
  ['an app that there is not', gone, '?onBehalfOfAll=true', 404],
  ['an app of another tenant that was not let in', foreignApp, '?onBehalfOfAll=true', 404],
  ['an app that asks for an API that the tenant lacks', brokenApp, '?onBehalfOfAll=true', 404],
  ['consent for oneself', crmApp, '', 400],
  ['consent for oneself in so many words', crmApp, '?onBehalfOfAll=untrue', 400],
])('refuses %s', async (_case, appId, query, status) => {
  expect((await consent(appId, await tokenOf(administrator), query)).status).toBe(status);
});

it('takes the flag as .NET writes it, its name in any case, and once more what was granted', async () => {
  const token = await tokenOf(administrator);
  for (const query of ['?onBehalfOfAll=True', '?onbehalfofall=true', '?onBehalfOfAll=true']) {
    expect((await consent(crmApp, token, query)).status).toBe(204);
  }
});

it.each(['text', ';;;', 'application/xml', 'text/plain; charset=x'])(
  'looks at no body, whatever its type: %s',
  async (contentType) => {
    const answer = await fetch(
      `${cloud.admin.http}/api/RegisteredApplications/${crmApp}/Consent?onBehalfOfAll=true`,
      {
        method: 'POST',
        headers: { authorization: `Bearer ${await tokenOf(administrator)}`, 'content-type': contentType },
        body: '{}',
      },
    );
    expect([204, 415]).toContain(answer.status);
  },
);
