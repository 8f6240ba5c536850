import { wellKnownIds } from '@latchkey/microsoft';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { seededPassword, seededUsers } from '../../../directory/seed-contoso.ts';
import { createTenant } from '../../../directory/tenants.ts';
import type { UserConditions } from '../../../directory/user-conditions.ts';
import { createUser, findUserByName, setUserConditions } from '../../../directory/users.ts';
import {
  claimsOf,
  crmOrigin,
  openTestEntra,
  type TestApp,
  type TestEntra,
} from '../../testing/open-test-entra.ts';
import { crmScope, signInForCode } from '../../testing/sign-in-for-code.ts';

let entra: TestEntra;
let app: TestApp;
beforeAll(async () => {
  entra = await openTestEntra();
  app = entra.createApp();
  await signInForCode(entra, app, { user: seededUsers.salesperson });
});
afterAll(() => entra.close());

function ask(changes: Record<string, string> = {}, path = '/oauth2/v2.0/token') {
  return entra.post(path, {
    grant_type: 'password',
    client_id: app.clientId,
    client_secret: app.secret,
    username: seededUsers.salesperson,
    password: seededPassword,
    ...(path.includes('v2.0') ? { scope: crmScope } : { resource: crmOrigin }),
    ...changes,
  });
}

it('lets Dataverse tools in by the client that they have built in, without consent', async () => {
  const { status, json } = await entra.post('/oauth2/v2.0/token', {
    grant_type: 'password',
    client_id: wellKnownIds.dynamicsDevelopmentTools,
    username: seededUsers.salesperson,
    password: seededPassword,
    scope: `${crmOrigin}//.default`,
  });
  expect([status, json.error_description]).toEqual([200, undefined]);
  expect(claimsOf(json.access_token)).toMatchObject({ aud: `${crmOrigin}/`, scp: 'user_impersonation' });
});

it.each(['/oauth2/v2.0/token', '/oauth2/token'])(
  'gives tokens for a name and a password at %s',
  async (path) => {
    const { status, json } = await ask({}, path);
    expect([status, json.error_description]).toEqual([200, undefined]);
    expect(json).toHaveProperty('refresh_token');
    expect(claimsOf(json.access_token)).toMatchObject({ upn: seededUsers.salesperson, amr: ['pwd'] });
  },
);

it('lets a public client ask without a secret', async () => {
  const open = entra.createApp({ document: { isFallbackPublicClient: true } });
  await signInForCode(entra, open, { user: seededUsers.salesperson });
  const { json } = await ask({ client_id: open.clientId, client_secret: '' });
  expect(claimsOf(json.access_token).appidacr).toBe('0');
});

it.each<[string, Record<string, string>, number, number]>([
  ['a wrong password', { password: 'wrong' }, 400, 50126],
  ['a name that nobody has', { username: 'nobody@contoso.onmicrosoft.com' }, 400, 50034],
  ['no password', { password: '' }, 400, 900144],
  ['no scope', { scope: '' }, 400, 900144],
  ['a wrong secret', { client_secret: 'wrong' }, 401, 7000215],
  ['a confidential client without a secret', { client_secret: '' }, 401, 7000218],
  ['a person who never consented', { username: seededUsers.withoutLicence }, 400, 65001],
  [
    'a person who never consented, by .default',
    { username: seededUsers.withoutLicence, scope: `${crmOrigin}/.default` },
    400,
    65001,
  ],
])('refuses %s', async (_name, changes, status, code) => {
  const answer = await ask(changes);
  expect([answer.status, answer.json.error_codes]).toEqual([status, [code]]);
});

it("is not offered at v2's common, and finds the tenant by the name at v1's", async () => {
  expect((await ask({}, '/common/oauth2/v2.0/token')).json.error_codes).toEqual([9001023]);
  const multi = entra.createApp({ document: { signInAudience: 'AzureADMultipleOrgs' } });
  await signInForCode(entra, multi, { user: seededUsers.salesperson });
  const client = { client_id: multi.clientId, client_secret: multi.secret };
  expect((await ask(client, '/common/oauth2/token')).status).toBe(200);
  const unknown = { ...client, username: 'nobody@contoso.onmicrosoft.com' };
  expect((await ask(unknown, '/common/oauth2/token')).json.error_codes).toEqual([50034]);
});

it('does not look at the password of a person of another tenant', async () => {
  const { directory, random, clock } = entra.context;
  const tenantId = random.guid();
  const domains = ['other.onmicrosoft.com'];
  createTenant(directory, { id: tenantId, displayName: 'Other', domains, createdAt: clock.now() });
  const username = 'ada@other.onmicrosoft.com';
  createUser(directory, {
    id: random.guid(),
    tenantId,
    userPrincipalName: username,
    displayName: 'Ada',
    givenName: 'Ada',
    surname: 'Byron',
    mail: null,
    jobTitle: null,
    enabled: true,
    directoryRoles: [],
    licences: [],
    password: 'Enchantress1',
  });
  for (const password of ['Enchantress1', 'wrong']) {
    expect((await ask({ username, password })).json.error_codes).toEqual([50034]);
  }
});

it.each<[Partial<UserConditions>, number, string | undefined]>([
  [{ isLocked: true }, 50053, undefined],
  [{ password: 'expired' }, 50055, 'user_password_expired'],
  [{ password: 'must_change' }, 50144, undefined],
  [{ secondFactor: 'required' }, 50076, 'basic_action'],
  [{ secondFactor: 'unregistered' }, 50079, 'basic_action'],
  [{ blockedBy: 'device_not_compliant' }, 53000, 'additional_action'],
])('says that %o stands in the way', async (changes, code, suberror) => {
  const user = findUserByName(entra.context.directory, seededUsers.salesperson);
  if (!user) throw new Error('The seed has no salesperson.');
  setUserConditions(entra.context.directory, user, changes);
  const { json } = await ask();
  setUserConditions(entra.context.directory, user, {
    isLocked: false,
    password: 'good',
    secondFactor: 'not_required',
    blockedBy: null,
  });
  expect([json.error, json.error_codes, json.suberror]).toEqual(['invalid_grant', [code], suberror]);
});

it('finds no personal account at organizations, even one that is named by an address of a tenant', async () => {
  const { directory, random } = entra.context;
  const username = 'grady@contoso.onmicrosoft.com';
  createUser(directory, {
    id: random.guid(),
    tenantId: wellKnownIds.personalAccountTenant,
    userPrincipalName: username,
    displayName: 'Grady Archie',
    givenName: 'Grady',
    surname: 'Archie',
    mail: null,
    jobTitle: null,
    enabled: true,
    directoryRoles: [],
    licences: [],
    password: seededPassword,
  });
  const open = entra.createApp({ document: { signInAudience: 'AzureADandPersonalMicrosoftAccount' } });
  const client = { client_id: open.clientId, client_secret: open.secret };
  const { status, json } = await ask({ ...client, username }, '/organizations/oauth2/v2.0/token');
  expect([status, json.error_codes]).toEqual([400, [50034]]);
});

it('finds no tenant by a domain that nobody has, and one by a domain in capitals', async () => {
  const multi = entra.createApp({ document: { signInAudience: 'AzureADMultipleOrgs' } });
  await signInForCode(entra, multi, { user: seededUsers.salesperson });
  const client = { client_id: multi.clientId, client_secret: multi.secret };
  for (const path of ['/organizations/oauth2/v2.0/token', '/common/oauth2/token']) {
    expect((await ask({ ...client, username: 'x@nowhere.example' }, path)).json.error_codes).toEqual([50128]);
    expect((await ask({ ...client, username: 'nobody' }, path)).json.error_codes).toEqual([50128]);
    const username = seededUsers.salesperson.toUpperCase();
    expect((await ask({ ...client, username }, path)).json.error_codes).toBeUndefined();
  }
});

it('is closed to personal accounts', async () => {
  const { json } = await ask({}, '/consumers/oauth2/v2.0/token');
  expect(json.error_codes).toEqual([9001023]);
});

it.each([
  ['/oauth2/v2.0/token', 'scope'],
  ['/oauth2/token', 'resource'],
])('says at %s that the %s is missing', async (path, parameter) => {
  const { json } = await ask({ scope: '', resource: '' }, path);
  expect(json.error_codes).toEqual([900144]);
  expect(json.error_description).toContain(`'${parameter}'`);
});

it('lets nobody try passwords without knowing the client', async () => {
  const { json } = await ask({ client_secret: 'wrong', password: 'wrong' });
  expect(json.error_codes).toEqual([7000215]);
});

it('wants at the refresh what it wanted of the client', async () => {
  const open = entra.createApp({ document: { isFallbackPublicClient: true } });
  await signInForCode(entra, open, { user: seededUsers.salesperson });
  const refresh = (changes: Record<string, string>) =>
    entra.post('/oauth2/v2.0/token', { grant_type: 'refresh_token', ...changes });
  const [confidential, free] = [await ask(), await ask({ client_id: open.clientId, client_secret: '' })].map(
    ({ json }) => String(json.refresh_token),
  );
  const asApp = { client_id: app.clientId, refresh_token: confidential ?? '' };
  expect((await refresh(asApp)).json.error_codes).toEqual([7000218]);
  expect((await refresh({ ...asApp, client_secret: app.secret })).status).toBe(200);
  const asOpen = { client_id: open.clientId, refresh_token: free ?? '' };
  expect((await refresh(asOpen)).status).toBe(200);
  expect((await refresh({ ...asOpen, client_secret: open.secret })).json.error_codes).toEqual([700025]);
});

it('gives sign-in scopes alone what they ask for, also of a client that Microsoft gave other scopes', async () => {
  const { json } = await entra.post('/oauth2/v2.0/token', {
    grant_type: 'password',
    client_id: wellKnownIds.dynamicsDevelopmentTools,
    username: seededUsers.salesperson,
    password: seededPassword,
    scope: 'openid profile',
  });
  expect(String(claimsOf(json.access_token).scp).split(' ')).toEqual(
    expect.arrayContaining(['openid', 'profile']),
  );
});

it('takes a name with blanks around it where the domain tells the tenant', async () => {
  const multi = entra.createApp({ document: { signInAudience: 'AzureADMultipleOrgs' } });
  await signInForCode(entra, multi, { user: seededUsers.salesperson });
  const { json } = await ask(
    {
      client_id: multi.clientId,
      client_secret: multi.secret,
      username: `${seededUsers.salesperson} `,
    },
    '/organizations/oauth2/v2.0/token',
  );
  expect(json.error_codes).not.toEqual([50128]);
});

it.each([
  ['/oauth2/v2.0/token', 'Contoso'],
  ['/organizations/oauth2/v2.0/token', 'organizations'],
])('says at %s in which directory nobody has the name', async (path, tenant) => {
  const multi = entra.createApp({ document: { signInAudience: 'AzureADMultipleOrgs' } });
  const { json } = await ask(
    {
      client_id: multi.clientId,
      client_secret: multi.secret,
      username: 'nobody@contoso.onmicrosoft.com',
    },
    path,
  );
  expect(json.error_codes).toEqual([50034]);
  expect(json.error_description).toContain(tenant);
});
