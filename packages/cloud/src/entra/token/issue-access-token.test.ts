import { createRemoteJWKSet, jwtVerify } from 'jose';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { createAppRoleAssignment } from '../../directory/app-role-assignments.ts';
import { type AppRole, emptyApplicationDocument } from '../../directory/application-document.ts';
import { softDeleteApplication } from '../../directory/applications.ts';
import { seededUsers } from '../../directory/seed-contoso.ts';
import { findServicePrincipalByAppId } from '../../directory/service-principals.ts';
import { findUserByName } from '../../directory/users.ts';
import type { Seed } from '../../seed/seed-schema.ts';
import { type LocalCloud, startLocalCloud } from '../../start-local-cloud.ts';
import { claimsOf, crmOrigin, openTestEntra, testAddresses } from '../testing/open-test-entra.ts';
import { issueAccessToken } from './issue-access-token.ts';

const ordersId = '7a1c0000-0000-4000-8000-0000000000a1';
const seed: Seed = {
  tenants: [
    {
      displayName: 'Fabrikam',
      domains: ['fabrikam.onmicrosoft.com'],
      users: [{ userPrincipalName: 'ada@fabrikam.onmicrosoft.com' }],
      applications: [
        {
          displayName: 'Orders',
          appId: ordersId,
          manifest: {
            identifierUris: [`api://${ordersId}`],
            api: {
              requestedAccessTokenVersion: 2,
              oauth2PermissionScopes: ['Orders.Read', 'Orders.Write'].map((value, index) => ({
                id: `7a1c0000-0000-4000-8000-00000000010${index}`,
                value,
                type: 'User',
                isEnabled: true,
                adminConsentDisplayName: value,
                adminConsentDescription: value,
              })),
            },
            appRoles: [
              {
                id: '7a1c0000-0000-4000-8000-000000000200',
                value: 'Orders.Import',
                displayName: 'Import',
                description: 'Import orders',
                isEnabled: true,
                allowedMemberTypes: ['Application'],
              },
            ],
          },
        },
        { displayName: 'Nightly' },
      ],
    },
  ],
};
let cloud: LocalCloud;

beforeAll(async () => {
  cloud = await startLocalCloud({ seed });
});

afterAll(() => cloud.close());

const discoveryDocument = z.object({ issuer: z.string(), jwks_uri: z.string() });

/** As an API checks it. */
async function verify(token: string) {
  const base = `${cloud.entra.http}/fabrikam.onmicrosoft.com`;
  const answer = await fetch(`${base}/v2.0/.well-known/openid-configuration`);
  const { issuer, jwks_uri: keys } = discoveryDocument.parse(await answer.json());
  const { payload } = await jwtVerify(token, createRemoteJWKSet(new URL(keys)), {
    issuer,
    audience: ordersId,
    currentDate: new Date(cloud.clock.now()),
  });
  return payload;
}

const ada = 'ada@fabrikam.onmicrosoft.com';
const resource = `api://${ordersId}`;

it('is what the API expects of a person', async () => {
  const token = await cloud.issueToken({ user: ada, resource, scopes: ['Orders.Read'] });
  expect(await verify(token)).toMatchObject({
    azp: ordersId,
    name: 'ada',
    preferred_username: ada,
    scp: 'Orders.Read',
    ver: '2.0',
  });
});

it('carries every delegated permission of the API unless told otherwise', async () => {
  expect(await verify(await cloud.issueToken({ user: ada, resource }))).toMatchObject({
    scp: 'Orders.Read Orders.Write',
  });
});

it('is what the API expects of an app', async () => {
  const token = await cloud.issueToken({ app: 'nightly', resource, roles: ['Orders.Import'] });
  const payload = await verify(token);
  expect(payload).toMatchObject({ roles: ['Orders.Import'] });
  expect(payload).not.toHaveProperty('scp');
  expect(await verify(await cloud.issueToken({ app: 'Nightly', resource }))).not.toHaveProperty('roles');
});

it('ends when its time has come', async () => {
  await using own = await startLocalCloud();
  const token = await own.issueToken({ user: own.users.administrator, resource: own.graph.http });
  const me = async () => {
    const answer = await fetch(`${own.graph.http}/v1.0/me`, {
      headers: { authorization: `Bearer ${token}` },
    });
    return answer.status;
  };
  expect(await me()).toBe(200);
  own.clock.advance(2 * 60 * 60 * 1000);
  expect(await me()).toBe(401);
});

it('opens the CRM to a person', async () => {
  const { administrator } = cloud.users;
  const token = await cloud.issueToken({ user: administrator, resource: cloud.crm.http });
  const answer = await fetch(`${cloud.crm.http}/api/data/v9.2/WhoAmI`, {
    headers: { authorization: `Bearer ${token}` },
  });
  expect(answer.status).toBe(200);
});

it.each([
  [
    { user: 'nobody@fabrikam.onmicrosoft.com', resource },
    "Nobody is called 'nobody@fabrikam.onmicrosoft.com'.",
  ],
  [{ user: ada, resource, app: 'Daily' }, "There is no app 'Daily'."],
  [{ user: ada, resource, scopes: ['Orders.Raed'] }, "Orders has no delegated permission 'Orders.Raed'."],
  [{ app: 'Nightly', resource, roles: ['Import'] }, "Orders has no role 'Import'. It has: Orders.Import."],
  [{ app: 'Nightly', resource, tenant: 'nowhere.example' }, "There is no tenant 'nowhere.example'."],
  [{ app: 'Nightly', resource, tenant: 'contoso.onmicrosoft.com' }, 'was not found in the tenant named'],
  [{ resource }, 'A token is for a person or an app'],
  [{ user: ada, resource: 'api://nowhere' }, 'api://nowhere'],
])('refuses %j', async (wish, message) => {
  await expect(cloud.issueToken(wish)).rejects.toThrow(message);
});

it('wants an app that the tenant has and that one name alone means', async () => {
  const entra = await openTestEntra();
  const issue = (app: string, roles: string[] = []) =>
    issueAccessToken(entra.context, { app, resource: crmOrigin, ...(roles.length > 0 && { roles }) });
  const { clientId } = entra.createApp({ displayName: 'Once' });
  entra.createApp({ displayName: 'Twice' });
  entra.createApp({ displayName: 'Twice' });
  entra.createApp({ displayName: 'Absent', isInstalled: false });
  const gone = entra.createApp({ displayName: 'Gone' });
  softDeleteApplication(entra.context.directory, gone.application);
  expect(claimsOf(await issue('once')).appid).toBe(clientId);
  await expect(issue('Twice')).rejects.toThrow("Several apps are called 'Twice'");
  await expect(issue('Absent')).rejects.toThrow("'Absent' has no service principal in Contoso.");
  await expect(issue('Gone')).rejects.toThrow("There is no app 'Gone'.");
  await expect(issue('Once', ['Import'])).rejects.toThrow("has no role 'Import'. It has none.");
  await entra.close();
});

it("is issued by the origin that is wished for, else by Entra's own", async () => {
  const own = await openTestEntra();
  const api = own.createApp({
    displayName: 'Stock',
    document: {
      identifierUris: ['api://stock'],
      api: { ...emptyApplicationDocument(null).api, requestedAccessTokenVersion: 2 },
    },
  });
  const issue = async (origin?: string) =>
    claimsOf(
      await issueAccessToken(own.context, {
        app: api.clientId,
        resource: 'api://stock',
        ...(origin !== undefined && { origin }),
      }),
    );
  expect(await issue()).toMatchObject({
    iss: `${testAddresses.entra.http}/${own.tenant.id}/v2.0`,
    azpacr: '1',
  });
  expect(await issue(testAddresses.entra.https)).toMatchObject({
    iss: `${testAddresses.entra.https}/${own.tenant.id}/v2.0`,
  });
  await own.close();
});

it('says how and from where its person signed in, just now', async () => {
  const own = await openTestEntra({ base: { now: () => Date.UTC(2026, 0, 31, 10) } });
  const user = { userPrincipalName: seededUsers.administrator };
  const claims = claimsOf(await issueAccessToken(own.context, { user, resource: crmOrigin }));
  await own.close();
  expect(claims).toMatchObject({
    amr: ['pwd'],
    ipaddr: '127.0.0.1',
    appidacr: '1',
    upn: seededUsers.administrator,
    nbf: Date.UTC(2026, 0, 31, 9, 55) / 1000,
  });
});

it('carries the roles that the person or the app was given', async () => {
  const own = await openTestEntra();
  const { directory } = own.context;
  const role = (value: string, kind: 'User' | 'Application'): AppRole => ({
    id: own.context.random.guid(),
    value,
    displayName: value,
    description: value,
    allowedMemberTypes: [kind],
    isEnabled: true,
    origin: 'Application',
  });
  const [approver, worker] = [role('Approver', 'User'), role('Worker', 'Application')];
  const api = own.createApp({
    document: { identifierUris: ['api://stock'], appRoles: [approver, worker] },
  });
  const caller = own.createApp({ displayName: 'Nightly' });
  const principalOf = (appId: string) =>
    findServicePrincipalByAppId(directory, own.tenant.id, appId)?.id ?? '';
  for (const [id, principalType, principalId] of [
    [approver.id, 'User', findUserByName(directory, seededUsers.administrator)?.id ?? ''],
    [worker.id, 'ServicePrincipal', principalOf(caller.clientId)],
  ] as const) {
    createAppRoleAssignment(directory, {
      tenantId: own.tenant.id,
      appRoleId: id,
      principalId,
      principalType,
      resourceId: principalOf(api.clientId),
    });
  }
  const stock = { resource: 'api://stock' };
  const asPerson = await issueAccessToken(own.context, { user: seededUsers.administrator, ...stock });
  const asApp = await issueAccessToken(own.context, { app: 'Nightly', ...stock });
  await own.close();
  expect(claimsOf(asPerson).roles).toEqual(['Approver']);
  expect(claimsOf(asApp).roles).toEqual(['Worker']);
});

it('lists what there is to choose from where a permission or role is misspelt', async () => {
  await expect(cloud.issueToken({ user: ada, resource, scopes: ['Orders.Raed'] })).rejects.toThrow(
    "Orders has no delegated permission 'Orders.Raed'. It has: Orders.Read, Orders.Write.",
  );
  await expect(cloud.issueToken({ user: ada, resource, roles: ['Import'] })).rejects.toThrow(RangeError);
});
