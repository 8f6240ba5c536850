import { type LocalCloud, startLocalCloud } from '@latchkey/cloud';
import { wellKnownIds } from '@latchkey/microsoft';
import { type Client, PageIterator, ResponseType } from '@microsoft/microsoft-graph-client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openGraphClient } from './support/open-graph-client.ts';

interface Entity {
  id: string;
  displayName: string;
}

let cloud: LocalCloud;
let client: Client;

beforeAll(async () => {
  cloud = await startLocalCloud();
  client = await openGraphClient(cloud, [
    'Directory.Read.All',
    'Domain.Read.All',
    'Group.ReadWrite.All',
    'RoleManagement.ReadWrite.Directory',
    'User.Read',
    'User.ReadWrite.All',
  ]);
});
afterAll(async () => {
  await cloud.close();
});

const domain = 'contoso.onmicrosoft.com';
const password = 'Enchantress1';

function makeUser(name: string): Promise<Entity> {
  return client.api('/users').post({
    accountEnabled: true,
    displayName: name,
    mailNickname: name.toLowerCase(),
    userPrincipalName: `${name.toLowerCase()}@${domain}`,
    passwordProfile: { password, forceChangePasswordNextSignIn: false },
  });
}

function makeGroup(displayName: string): Promise<Entity> {
  const mailNickname = displayName.toLowerCase().replaceAll(' ', '-');
  return client.api('/groups').post({ displayName, mailEnabled: false, mailNickname, securityEnabled: true });
}

const reference = ({ id }: Entity) => ({ '@odata.id': `${cloud.graph.https}/v1.0/directoryObjects/${id}` });

async function signIn(userName: string): Promise<number> {
  const { status } = await fetch(`${cloud.entra.http}/${domain}/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams({
      client_id: wellKnownIds.azureCli,
      grant_type: 'password',
      username: userName,
      password,
      scope: 'https://graph.microsoft.com/User.Read',
    }),
  });
  return status;
}

it('makes a person who can sign in, changes, deletes and restores them', async () => {
  const ada = await makeUser('Ada');
  const name = `ada@${domain}`;
  expect(await signIn(name)).toBe(200);
  await client.api(`/users/${ada.id}`).update({ department: 'Engines', mobilePhone: '+44 1' });
  const read = await client
    .api(`/users/${name}`)
    .select(['department', 'mobilePhone', 'createdDateTime'])
    .get();
  expect(read).toMatchObject({ department: 'Engines', mobilePhone: '+44 1' });
  await client.api(`/users/${ada.id}`).delete();
  expect(await signIn(name)).toBe(400);
  await client.api(`/directory/deletedItems/${ada.id}/restore`).post({});
  expect(await signIn(name)).toBe(200);
});

it('makes a group, adds and removes members and owners, and walks over them', async () => {
  const group = await makeGroup('Engineers');
  const people = await Promise.all(['Grace', 'Hedy', 'Joan'].map(makeUser));
  for (const person of people) await client.api(`/groups/${group.id}/members/$ref`).post(reference(person));
  const first = await client.api(`/groups/${group.id}/members`).select(['id', 'displayName']).top(2).get();
  const names: string[] = [];
  await new PageIterator(client, first, ({ displayName }: Entity) => {
    names.push(displayName);
    return true;
  }).iterate();
  expect(names.toSorted()).toEqual(['Grace', 'Hedy', 'Joan']);
  await client.api(`/groups/${group.id}/members/${people[0]?.id}/$ref`).delete();
  const count = await client
    .api(`/groups/${group.id}/members/microsoft.graph.user/$count`)
    .header('ConsistencyLevel', 'eventual')
    .responseType(ResponseType.TEXT)
    .get();
  expect(count).toBe('2');
  const owner = people[1];
  if (owner) await client.api(`/groups/${group.id}/owners/$ref`).post(reference(owner));
  const expanded = await client.api(`/groups/${group.id}`).expand('owners($select=displayName)').get();
  expect(expanded.owners).toMatchObject([{ displayName: 'Hedy' }]);
  await client.api(`/groups/${group.id}`).delete();
  await expect(client.api(`/groups/${group.id}`).get()).rejects.toMatchObject({ statusCode: 404 });
});

it('asks for memberships, however deep the groups are in each other', async () => {
  const [outer, inner] = [await makeGroup('Everybody'), await makeGroup('Some of them')];
  const person = await makeUser('Katherine');
  await client.api(`/groups/${outer.id}/members/$ref`).post(reference(inner));
  await client.api(`/groups/${inner.id}/members/$ref`).post(reference(person));
  const { value } = await client.api(`/users/${person.id}/transitiveMemberOf/microsoft.graph.group`).get();
  expect(value.map(({ displayName }: Entity) => displayName)).toEqual(['Everybody', 'Some of them']);
  const groupIds = [outer.id, inner.id, person.id];
  const checked = await client.api(`/users/${person.id}/checkMemberGroups`).post({ groupIds });
  expect(checked.value).toEqual([outer.id, inner.id]);
  const found = await client.api('/directoryObjects/getByIds').post({ ids: groupIds, types: ['user'] });
  expect(found.value).toMatchObject([{ '@odata.type': '#microsoft.graph.user', id: person.id }]);
});

it('gives a directory role and takes it', async () => {
  const person = await makeUser('Margaret');
  const path = '/roleManagement/directory/roleAssignments';
  const given: Entity = await client.api(path).post({
    roleDefinitionId: 'fe930be7-5e62-47db-91af-98c3a49a38b1',
    principalId: person.id,
    directoryScopeId: '/',
  });
  const roles = () => client.api(`/users/${person.id}/memberOf/microsoft.graph.directoryRole`).get();
  expect((await roles()).value).toMatchObject([{ displayName: 'User Administrator' }]);
  await client.api(`${path}/${given.id}`).delete();
  expect((await roles()).value).toEqual([]);
});

it('reads domains, finds no photo, and speaks beta as well', async () => {
  const domains = await client.api('/domains').get();
  expect(domains.value).toMatchObject([{ id: domain, isDefault: true }]);
  await expect(client.api('/me/photo/$value').get()).rejects.toMatchObject({ statusCode: 404 });
  const me = await client.api('/me').version('beta').select('displayName').get();
  expect(me).toMatchObject({
    '@odata.context': `${cloud.graph.https}/beta/$metadata#users(displayName)/$entity`,
  });
});

it('learns by name what is not there', async () => {
  await expect(client.api('/me/messages').get()).rejects.toMatchObject({
    statusCode: 501,
    code: 'NotImplemented',
    message: "'messages' is not available in the local Microsoft Graph.",
  });
});
