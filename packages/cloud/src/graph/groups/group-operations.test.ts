import { beforeEach, describe, expect, it } from 'vitest';
import { updateUserProfile } from '../../directory/users.ts';
import { type GroupsTestClient, objectAddress, openGroups, sellers } from '../testing/open-groups.ts';

let graph: GroupsTestClient;
beforeEach(async () => {
  graph = await openGroups();
});

const news = {
  displayName: 'News',
  groupTypes: ['Unified'],
  mailEnabled: true,
  mailNickname: 'news',
  securityEnabled: false,
};
const nobody = 'c0ffee00-0000-4000-8000-000000000000';

const bind = (...objectIds: string[]) => objectIds.map(objectAddress);

describe('a new group', () => {
  it('is answered in the default properties', async () => {
    const { status, body } = await graph.call('POST', '/groups', { ...sellers, description: 'Who sell.' });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      '@odata.context': 'http://localhost:4482/v1.0/$metadata#groups/$entity',
      createdDateTime: '2026-01-15T10:00:00Z',
      deletedDateTime: null,
      description: 'Who sell.',
      displayName: 'Sellers',
      groupTypes: [],
      mail: null,
      mailEnabled: false,
      mailNickname: 'sellers',
      proxyAddresses: [],
      renewedDateTime: '2026-01-15T10:00:00Z',
      securityEnabled: true,
      securityIdentifier: expect.stringMatching(/^S-1-12-1-/),
      visibility: null,
    });
    expect(body).not.toHaveProperty('unseenCount');
    expect(
      (await graph.call('GET', `/groups/${body.id}?$select=unseenCount,assignedLicenses`)).body,
    ).toMatchObject({
      unseenCount: null,
      assignedLicenses: [],
    });
  });

  it('of Microsoft 365 has mail, is public, and belongs to who made it', async () => {
    const { body } = await graph.call('POST', '/groups', news);
    expect(body).toMatchObject({
      groupTypes: ['Unified'],
      mail: 'news@contoso.onmicrosoft.com',
      mailEnabled: true,
      proxyAddresses: ['SMTP:news@contoso.onmicrosoft.com'],
      securityEnabled: false,
      visibility: 'Public',
    });
    expect(await graph.ids(`/groups/${body.id}/owners`)).toEqual([graph.idOf('admin')]);
  });

  it('belongs to a member who made it, and to no administrator', async () => {
    const member = await graph.personToken('sales', 'Group.ReadWrite.All');
    expect(await graph.ids(`/groups/${await graph.make(sellers, member)}/owners`)).toEqual([
      graph.idOf('sales'),
    ]);
    expect(await graph.ids(`/groups/${await graph.make()}/owners`)).toEqual([]);
  });

  it('may come with owners and members', async () => {
    const group = await graph.make({
      ...sellers,
      'owners@odata.bind': bind(graph.idOf('admin')),
      'members@odata.bind': bind(graph.idOf('sales'), graph.idOf('nolicence')),
    });
    expect(await graph.ids(`/groups/${group}/owners`)).toEqual([graph.idOf('admin')]);
    expect(new Set(await graph.ids(`/groups/${group}/members`))).toEqual(
      new Set([graph.idOf('sales'), graph.idOf('nolicence')]),
    );
  });

  it('is not there when one of its members is not', async () => {
    const { status } = await graph.call('POST', '/groups', {
      ...sellers,
      'members@odata.bind': bind(nobody),
    });
    expect(status).toBe(404);
    expect(await graph.ids('/groups')).toEqual([]);
  });

  it('may be made by an application with Group.Create, and by nobody with less', async () => {
    const creator = await graph.applicationToken(graph.principalIdOf(), ['Group.Create']);
    expect((await graph.call('POST', '/groups', sellers, creator)).status).toBe(201);
    const reader = await graph.personToken('admin', 'Group.Read.All');
    expect((await graph.call('POST', '/groups', sellers, reader)).status).toBe(403);
  });

  it.each(['displayName', 'mailEnabled', 'mailNickname', 'securityEnabled'])('requires %s', async (name) => {
    const { status, body } = await graph.call('POST', '/groups', { ...sellers, [name]: undefined });
    expect([status, body.error.message]).toEqual([
      400,
      `A value is required for property '${name}' of resource 'Group'.`,
    ]);
  });

  it.each([
    [{ mailEnabled: true }, 400, 'Cannot Create a mail-enabled security groups'],
    [{ securityEnabled: false }, 400, 'has to be a security group'],
    [{ groupTypes: ['Unified'] }, 400, 'A Microsoft 365 group has mail.'],
    [{ groupTypes: ['Dynamic'] }, 400, 'Expected one of'],
    [{ groupTypes: ['DynamicMembership'] }, 501, 'DynamicMembership'],
    [{ isAssignableToRole: true }, 501, "property 'isAssignableToRole'"],
    [{ mailNickname: 'two words' }, 400, 'no mail address has'],
    [{ mailNickname: 'a@b' }, 400, 'no mail address has'],
    [{ allowExternalSenders: true }, 400, 'once the group is there'],
    [{ hideFromOutlookClients: true }, 400, 'once the group is there'],
    [{ colour: 'red' }, 400, "Invalid property 'colour'."],
    [{ 'settings@odata.bind': [] }, 501, "'settings@odata.bind' is not available"],
    [{ 'members@odata.bind': ['https://example.com/1'] }, 400, 'Expected the address of a directory object.'],
    [{ 'members@odata.bind': Array.from({ length: 21 }, () => bind(nobody)[0]) }, 400, 'more than 20 items'],
  ])('is refused for %j', async (other, expected, message) => {
    const { status, body } = await graph.call('POST', '/groups', { ...sellers, ...other });
    expect(status).toBe(expected);
    expect(body.error.message).toContain(message);
  });

  it('has a nickname that no other Microsoft 365 group has', async () => {
    await graph.make({ ...sellers, mailNickname: 'news' });
    await graph.make(news);
    const { status, body } = await graph.call('POST', '/groups', { ...news, mailNickname: 'NEWS' });
    expect([status, body.error.message]).toEqual([
      400,
      'Another object with the same value for property mailNickname already exists.',
    ]);
    expect((await graph.call('POST', '/groups', { ...sellers, mailNickname: 'news' })).status).toBe(201);
  });
});

describe('groups', () => {
  it('are listed by name, found, counted and searched', async () => {
    const [first, second] = [await graph.make(), await graph.make(news)];
    expect(await graph.ids('/groups')).toEqual([second, first]);
    expect(await graph.ids("/groups?$filter=displayName eq 'sellers'")).toEqual([first]);
    expect(await graph.ids("/groups?$filter=groupTypes/any(t:t eq 'Unified')")).toEqual([second]);
    expect(await graph.ids('/groups?$filter=securityEnabled eq true')).toEqual([first]);
    expect(await graph.ids('/groups?$search="displayName:sell"')).toEqual([first]);
    const headers = { authorization: `Bearer ${graph.token}`, consistencylevel: 'eventual' };
    expect(await graph.injectText({ url: '/v1.0/groups/$count', headers })).toBe('2');
    const page = await graph.call('GET', '/groups?$top=1');
    expect(page.body.value.map(({ id }) => id)).toEqual([second]);
    expect((await graph.call('GET', page.body['@odata.nextLink'])).body.value).toMatchObject([{ id: first }]);
  });

  it('bring their members and owners along where they are asked to', async () => {
    const group = await graph.make({ ...sellers, 'members@odata.bind': bind(graph.idOf('sales')) });
    const { body } = await graph.call('GET', `/groups/${group}?$expand=members($select=displayName)`);
    expect(body.members).toEqual([{ '@odata.type': '#microsoft.graph.user', displayName: 'Alex Wilber' }]);
    expect((await graph.call('GET', `/groups/${group}?$expand=calendar`)).status).toBe(501);
    expect((await graph.call('GET', `/groups/${group}?$expand=membres`)).status).toBe(400);
  });

  it('are not found by another id, and not in another tenant', async () => {
    expect((await graph.call('GET', `/groups/${nobody}`)).status).toBe(404);
    expect((await graph.call('GET', '/groups/x')).status).toBe(400);
  });
});

describe('a change', () => {
  it('keeps what it does not name', async () => {
    const group = await graph.make({ ...sellers, description: 'Who sell.' });
    const changes = { displayName: 'Sales', visibility: 'private', hideFromAddressLists: true };
    expect((await graph.call('PATCH', `/groups/${group}`, changes)).status).toBe(204);
    const path = `/groups/${group}?$select=displayName,description,visibility,hideFromAddressLists,mailNickname`;
    expect((await graph.call('GET', path)).body).toMatchObject({
      displayName: 'Sales',
      description: 'Who sell.',
      visibility: 'Private',
      hideFromAddressLists: true,
      mailNickname: 'sellers',
    });
    expect((await graph.call('PATCH', `/groups/${group}`, { description: null })).status).toBe(204);
    expect((await graph.call('GET', `/groups/${group}`)).body.description).toBeNull();
  });

  it('takes the whole group back as it was read', async () => {
    const group = await graph.make(news);
    const { '@odata.context': _context, ...whole } = (await graph.call('GET', `/groups/${group}`)).body;
    expect((await graph.call('PATCH', `/groups/${group}`, whole)).status).toBe(204);
    const { status, body } = await graph.call('PATCH', `/groups/${group}`, { groupTypes: [] });
    expect([status, body.error.message]).toEqual([
      400,
      "Property 'groupTypes' is read-only and cannot be set.",
    ]);
  });

  it('may add members', async () => {
    const group = await graph.make();
    const members = { 'members@odata.bind': bind(graph.idOf('sales')) };
    expect((await graph.call('PATCH', `/groups/${group}`, members)).status).toBe(204);
    expect(await graph.ids(`/groups/${group}/members`)).toEqual([graph.idOf('sales')]);
    expect((await graph.call('PATCH', `/groups/${group}`, members)).status).toBe(400);
  });

  it('keeps a group of its kind', async () => {
    const [security, unified] = [await graph.make(), await graph.make(news)];
    expect((await graph.call('PATCH', `/groups/${security}`, { securityEnabled: false })).status).toBe(400);
    expect((await graph.call('PATCH', `/groups/${security}`, { mailEnabled: true })).status).toBe(400);
    expect((await graph.call('PATCH', `/groups/${unified}`, { mailEnabled: false })).status).toBe(400);
  });

  it('gives a Microsoft 365 group access, and takes a nickname that is free', async () => {
    const group = await graph.make(news);
    expect((await graph.call('PATCH', `/groups/${group}`, { securityEnabled: true })).status).toBe(204);
    expect((await graph.call('GET', `/groups/${group}`)).body.securityEnabled).toBe(true);
    await graph.make({ ...news, mailNickname: 'taken' });
    expect((await graph.call('PATCH', `/groups/${group}`, { mailNickname: 'taken' })).status).toBe(400);
  });

  it('is made by administrators, by owners, and by nobody else', async () => {
    const group = await graph.make();
    const member = await graph.personToken('sales', 'Group.ReadWrite.All');
    const change = async () =>
      (await graph.call('PATCH', `/groups/${group}`, { description: 'x' }, member)).status;
    expect(await change()).toBe(403);
    await graph.add(group, 'owners', graph.idOf('sales'));
    expect(await change()).toBe(204);
    await graph.call('DELETE', `/groups/${group}/owners/${graph.idOf('sales')}/$ref`);
    updateUserProfile(graph.context.directory, graph.idOf('sales'), {
      directoryRoles: ['User Administrator'],
    });
    expect(await change()).toBe(204);
  });
});

it('keeps the last owner', async () => {
  const group = await graph.make(news);
  const { status, body } = await graph.call('DELETE', `/groups/${group}/owners/${graph.idOf('admin')}/$ref`);
  expect([status, body.error.message]).toEqual([
    400,
    'The group must have at least one owner, hence this owner cannot be removed.',
  ]);
});

it('keeps the last owner who is there still', async () => {
  const group = await graph.make(news);
  await graph.add(group, 'owners', graph.idOf('sales'));
  const people = await graph.personToken('admin', 'User.ReadWrite.All');
  await graph.call('DELETE', `/users/${graph.idOf('sales')}`, undefined, people);
  const remove = () => graph.call('DELETE', `/groups/${group}/owners/${graph.idOf('admin')}/$ref`);
  expect((await remove()).status).toBe(400);
  await graph.add(group, 'owners', graph.principalIdOf());
  expect((await remove()).status).toBe(204);
});

it('lets members be changed by the permission for it, which changes nothing else', async () => {
  const group = await graph.make();
  const caller = await graph.personToken('admin', 'GroupMember.ReadWrite.All');
  expect((await graph.add(group, 'members', graph.idOf('sales'), caller)).status).toBe(204);
  expect((await graph.add(group, 'owners', graph.idOf('sales'), caller)).status).toBe(403);
  expect((await graph.call('PATCH', `/groups/${group}`, { description: 'x' }, caller)).status).toBe(403);
});

describe('groups in groups', () => {
  it('are members of security groups alone', async () => {
    const [security, unified] = [await graph.make(), await graph.make(news)];
    expect((await graph.add(unified, 'members', security)).status).toBe(400);
    expect((await graph.add(security, 'members', unified)).status).toBe(204);
    expect((await graph.add(security, 'owners', unified)).status).toBe(400);
    expect((await graph.add(security, 'members', security)).status).toBe(400);
  });

  it('are followed however deep, also in a circle', async () => {
    const [outer, middle, inner] = [await graph.make(), await graph.make(), await graph.make()];
    await graph.add(outer, 'members', middle);
    await graph.add(middle, 'members', inner);
    await graph.add(inner, 'members', outer);
    await graph.add(inner, 'members', graph.idOf('sales'));
    const people = `/groups/${outer}/transitiveMembers/microsoft.graph.user`;
    expect(await graph.ids(people)).toEqual([graph.idOf('sales')]);
    expect(await graph.ids(`/groups/${outer}/members`)).toEqual([middle]);
    expect(new Set(await graph.ids(`/groups/${inner}/transitiveMemberOf`))).toEqual(
      new Set([outer, middle, inner]),
    );
    expect(await graph.ids(`/groups/${inner}/memberOf`)).toEqual([middle]);
    const reader = await graph.personToken('sales', 'User.Read');
    const mine = await graph.call('GET', '/me/transitiveMemberOf/microsoft.graph.group', undefined, reader);
    expect(mine.body.value.map(({ id }) => id).toSorted()).toEqual([outer, middle, inner].toSorted());
    expect((await graph.call('GET', '/me/memberOf', undefined, reader)).body.value).toMatchObject([
      { id: inner },
    ]);
    const asked = { groupIds: [outer, nobody] };
    expect((await graph.call('POST', '/me/checkMemberGroups', asked, reader)).body.value).toEqual([outer]);
  });
});

it('takes the permission to change members', async () => {
  const group = await graph.make();
  const reader = await graph.personToken('admin', 'Group.Read.All');
  const path = `/groups/${group}/members`;
  expect((await graph.add(group, 'members', graph.idOf('sales'), reader)).status).toBe(403);
  expect((await graph.call('DELETE', `${path}/${graph.idOf('sales')}/$ref`, undefined, reader)).status).toBe(
    403,
  );
});

describe('a deleted group', () => {
  it('is gone when it was a security group, and out of the groups that it was in', async () => {
    const [outer, inner] = [await graph.make(), await graph.make()];
    await graph.add(outer, 'members', inner);
    expect((await graph.call('DELETE', `/groups/${inner}`)).status).toBe(204);
    expect((await graph.call('GET', `/groups/${inner}`)).status).toBe(404);
    expect(await graph.ids(`/groups/${outer}/members`)).toEqual([]);
    expect(await graph.ids('/directory/deletedItems/microsoft.graph.group')).toEqual([]);
  });

  it('can be restored when it was a Microsoft 365 group, with its members', async () => {
    const group = await graph.make({ ...news, 'members@odata.bind': bind(graph.idOf('sales')) });
    await graph.call('DELETE', `/groups/${group}`);
    expect(await graph.ids('/groups')).toEqual([]);
    const deleted = await graph.call('GET', '/directory/deletedItems/microsoft.graph.group');
    expect(deleted.body.value).toMatchObject([{ id: group, deletedDateTime: '2026-01-15T10:00:00Z' }]);
    const restored = await graph.call('POST', `/directory/deletedItems/${group}/restore`);
    expect(restored.body).toMatchObject({ '@odata.type': '#microsoft.graph.group', id: group });
    expect(await graph.ids(`/groups/${group}/members`)).toEqual([graph.idOf('sales')]);
  });

  it('is not restored beside another of its nickname', async () => {
    const group = await graph.make(news);
    await graph.call('DELETE', `/groups/${group}`);
    const successor = await graph.make(news);
    const restore = () => graph.call('POST', `/directory/deletedItems/${group}/restore`);
    const refused = await restore();
    expect([refused.status, refused.body.error]).toMatchObject([
      400,
      { details: [{ target: 'mailNickname' }] },
    ]);
    await graph.call('DELETE', `/groups/${successor}`);
    expect((await restore()).status).toBe(200);
  });

  it('is deleted, restored and deleted for good by who may change it alone', async () => {
    const group = await graph.make(news);
    const member = await graph.personToken('sales', 'Group.ReadWrite.All');
    expect((await graph.call('DELETE', `/groups/${group}`, undefined, member)).status).toBe(403);
    await graph.call('DELETE', `/groups/${group}`);
    const item = `/directory/deletedItems/${group}`;
    const stranger = await graph.personToken('admin', 'User.Read.All');
    expect((await graph.call('GET', item, undefined, stranger)).status).toBe(403);
    const list = await graph.call('GET', '/directory/deletedItems/microsoft.graph.group');
    expect(list.body['@odata.context']).toBe('http://localhost:4482/v1.0/$metadata#groups');
    expect((await graph.call('POST', `${item}/restore`, undefined, member)).status).toBe(403);
    expect((await graph.call('DELETE', item, undefined, member)).status).toBe(403);
    expect((await graph.call('DELETE', item)).status).toBe(204);
    expect((await graph.call('GET', item)).status).toBe(404);
  });
});

it('tells of groups only who may read them', async () => {
  const caller = await graph.personToken('admin', 'User.Read');
  expect((await graph.call('GET', '/groups', undefined, caller)).status).toBe(403);
});
