import { beforeEach, expect, it } from 'vitest';
import { userConditions } from '../../directory/user-conditions.ts';
import { findUserByName, passwordMatches, updateUserProfile } from '../../directory/users.ts';
import { type GraphTestClient, openGraph } from '../testing/open-graph.ts';

let graph: GraphTestClient;
let token: string;

beforeEach(async () => {
  graph = await openGraph();
  token = await graph.personToken('admin', 'User.ReadWrite.All');
});

const sales = 'sales@contoso.onmicrosoft.com';
const change = (body: object, as = token) => graph.call(as, 'PATCH', `/users/${sales}`, body);
const stored = () => findUserByName(graph.context.directory, sales);

it('switches an account off with the one permission for it, and nothing else', async () => {
  const caller = await graph.personToken('admin', 'User.EnableDisableAccount.All');
  expect((await change({ accountEnabled: false }, caller)).status).toBe(204);
  expect(stored()?.enabled).toBe(false);
  expect((await change({ accountEnabled: true, displayName: 'Other' }, caller)).status).toBe(403);
});

it('changes names and leaves the rest', async () => {
  await change({ displayName: 'Alex W.', jobTitle: null });
  expect(stored()).toMatchObject({
    displayName: 'Alex W.',
    jobTitle: null,
    givenName: 'Alex',
    enabled: true,
  });
});

it('sets a password that has to be changed at the next sign-in, unless told otherwise', async () => {
  const state = () => {
    const user = stored();
    return (
      user && [passwordMatches(graph.context.directory, user.id, 'N3w-secret'), userConditions(user).password]
    );
  };
  await change({ passwordProfile: { password: 'N3w-secret' } });
  expect(state()).toEqual([true, 'must_change']);
  // What was signed in before is revoked, as an administrator did it.
  expect(stored()?.tokensValidFrom).toBe(graph.clock.now());
  await change({ passwordProfile: { password: 'N3w-secret', forceChangePasswordNextSignIn: false } });
  expect(state()).toEqual([true, 'good']);
});

it.each([
  ['a switch that is no switch', { accountEnabled: 'no' }],
  ['a name without letters', { displayName: ' ' }],
  ['a short password', { passwordProfile: { password: 'short' } }],
  ['the sign-in name', { userPrincipalName: 'other@contoso.onmicrosoft.com' }],
])('refuses %s and changes nothing', async (_case, body) => {
  const before = stored();
  expect((await change(body)).status).toBe(400);
  expect(stored()).toEqual(before);
});

it('lets people who administer nobody change nobody', async () => {
  const caller = await graph.personToken('sales', 'User.ReadWrite.All');
  expect((await change({ accountEnabled: false }, caller)).status).toBe(403);
});

it('lets a User Administrator change people who hold no role, and nobody who holds one', async () => {
  const { directory } = graph.context;
  updateUserProfile(directory, graph.idOf('sales'), { directoryRoles: ['User Administrator'] });
  const caller = await graph.personToken('sales', 'User.ReadWrite.All User.RevokeSessions.All');
  const administrator = `/users/${graph.idOf('admin')}`;
  const member = `/users/${graph.idOf('nolicence')}`;
  const before = findUserByName(directory, 'admin@contoso.onmicrosoft.com');
  for (const body of [{ jobTitle: 'Taken' }, { passwordProfile: { password: 'N3w-secret' } }]) {
    expect((await graph.call(caller, 'PATCH', administrator, body)).status).toBe(403);
    expect((await graph.call(caller, 'PATCH', member, body)).status).toBe(204);
  }
  expect((await graph.call(caller, 'POST', `${administrator}/revokeSignInSessions`)).status).toBe(403);
  expect((await graph.call(caller, 'POST', `${member}/revokeSignInSessions`)).status).toBe(200);
  expect(findUserByName(directory, 'admin@contoso.onmicrosoft.com')).toEqual(before);
});

it('ends sign-ins in browsers with a new password, and only with that', async () => {
  await change({ displayName: 'Alex' });
  expect(stored()?.passwordChangedAt).toBeUndefined();
  await change({ passwordProfile: { password: 'Another1word' } });
  expect(stored()?.passwordChangedAt).toBe(graph.clock.now());
});

it('ends the sign-ins of oneself and, for an administrator, of others', async () => {
  const revoke = (as: string, path: string) => graph.call(as, 'POST', `${path}/revokeSignInSessions`);
  const own = await graph.personToken('sales', 'User.RevokeSessions.All');
  expect((await revoke(own, `/users/${graph.idOf('admin')}`)).status).toBe(403);
  const { status, body } = await revoke(own, '/me');
  expect([status, body]).toEqual([
    200,
    { '@odata.context': 'http://localhost:4482/v1.0/$metadata#Edm.Boolean', value: true },
  ]);
  expect(stored()?.tokensValidFrom).toBe(graph.clock.now());
  graph.clock.advance(1000);
  expect((await revoke(token, `/users('${sales}')`)).status).toBe(200);
  expect(stored()?.tokensValidFrom).toBe(graph.clock.now());
});

it('finds people by sign-in name, name, words and part of the name', async () => {
  const names = async (query: string) => {
    const { body } = await graph.call(token, 'GET', `/users?${query}`, undefined, {
      consistencylevel: 'eventual',
    });
    return body.value.map(({ displayName }) => displayName);
  };
  expect(await names(`$filter=userPrincipalName eq '${sales.toUpperCase()}'`)).toEqual(['Alex Wilber']);
  expect(await names("$filter=displayName eq 'alex wilber'")).toEqual(['Alex Wilber']);
  expect(await names("$filter=startswith(surname,'wil') and accountEnabled eq true")).toEqual([
    'Alex Wilber',
  ]);
  expect(await names('$search="displayName:wil"')).toEqual(['Alex Wilber']);
  expect(await names('$search="mail:sales@"')).toEqual(['Alex Wilber']);
  expect(await names('$top=999')).toEqual(['Alex Wilber', 'Diego Siciliani', 'Megan Bowen']);
});

it('shows what a person owns', async () => {
  const caller = await graph.personToken('admin', 'Application.ReadWrite.All User.Read');
  await graph.call(caller, 'POST', '/applications', { displayName: 'Mine' });
  const { body } = await graph.call(caller, 'GET', '/me/ownedObjects?$select=displayName');
  expect(body.value).toEqual([{ displayName: 'Mine' }]);
});
