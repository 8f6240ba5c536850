import { beforeEach, describe, expect, it } from 'vitest';
import { type GroupsTestClient, objectAddress, openGroups, sellers } from '../testing/open-groups.ts';

let graph: GroupsTestClient;
beforeEach(async () => {
  graph = await openGroups();
});

const nobody = 'c0ffee00-0000-4000-8000-000000000000';

describe.each(['members', 'owners'])('%s', (relation) => {
  it('are added and removed by reference', async () => {
    const group = await graph.make();
    expect((await graph.add(group, relation, graph.idOf('sales'))).status).toBe(204);
    const again = await graph.add(group, relation, graph.idOf('sales'));
    expect([again.status, again.body.error.message]).toEqual([
      400,
      `One or more added object references already exist for the following modified properties: '${relation}'.`,
    ]);
    await graph.add(group, relation, graph.idOf('admin'));
    const path = `/groups/${group}/${relation}/${graph.idOf('sales')}/$ref`;
    expect((await graph.call('DELETE', path)).status).toBe(204);
    expect((await graph.call('DELETE', path)).status).toBe(404);
    expect(await graph.ids(`/groups/${group}/${relation}`)).toEqual([graph.idOf('admin')]);
  });

  it('are whoever is there', async () => {
    const group = await graph.make();
    expect((await graph.add(group, relation, nobody)).status).toBe(404);
    expect((await graph.add(group, relation, graph.principalIdOf())).status).toBe(204);
    expect((await graph.add(group, relation, group)).status).toBe(400);
  });

  it('are changed by administrators and owners alone', async () => {
    const group = await graph.make();
    const member = await graph.personToken('sales', 'Group.ReadWrite.All');
    expect((await graph.add(group, relation, graph.idOf('sales'), member)).status).toBe(403);
    const path = `/groups/${group}/${relation}/${graph.idOf('admin')}/$ref`;
    expect((await graph.call('DELETE', path, undefined, member)).status).toBe(403);
  });

  it('come in the default properties of their kinds, and by kind', async () => {
    const group = await graph.make();
    for (const id of [graph.idOf('sales'), graph.principalIdOf()]) await graph.add(group, relation, id);
    const { body } = await graph.call('GET', `/groups/${group}/${relation}`);
    const person = body.value.find(({ id }) => id === graph.idOf('sales'));
    expect(person).toMatchObject({ '@odata.type': '#microsoft.graph.user', displayName: 'Alex Wilber' });
    expect(person).not.toHaveProperty('accountEnabled');
    const cast = `/groups/${group}/${relation}/microsoft.graph.user`;
    expect(await graph.ids(cast)).toEqual([graph.idOf('sales')]);
    expect((await graph.call('GET', cast)).body['@odata.context']).toBe(
      'http://localhost:4482/v1.0/$metadata#users',
    );
    const headers = { authorization: `Bearer ${graph.token}`, consistencylevel: 'eventual' };
    expect(await graph.injectText({ url: `/v1.0/groups/${group}/${relation}/$count`, headers })).toBe('2');
  });
});

describe('links in a body', () => {
  const bind = (count: number) => Array.from({ length: count }, () => objectAddress(graph.idOf('sales')));
  const create = (links: object) => graph.call('POST', '/groups', { ...sellers, ...links });

  it('are twenty at most, of all relations together, in any case', async () => {
    const twenty = { 'members@odata.bind': bind(10), 'Owners@OData.Bind': bind(10) };
    const { status, body } = await create(twenty);
    expect(status).toBe(201);
    expect(await graph.ids(`/groups/${body.id}/members`)).toEqual([graph.idOf('sales')]);
    expect(await graph.ids(`/groups/${body.id}/owners`)).toEqual([graph.idOf('sales')]);
    expect((await create({ ...twenty, 'members@odata.bind': bind(11) })).status).toBe(400);
  });

  it('are addresses of objects that are there', async () => {
    expect((await create({ 'members@odata.bind': [objectAddress(nobody)] })).status).toBe(404);
    expect((await create({ 'members@odata.bind': ['nonsense'] })).status).toBe(400);
    expect((await create({ 'members@odata.bind': 'nonsense' })).status).toBe(400);
    expect((await create({ 'friends@odata.bind': bind(1) })).status).toBe(501);
  });

  it('may be written with a key in parentheses', async () => {
    const link = `https://graph.microsoft.com/v1.0/users('${graph.idOf('sales')}')`;
    expect((await create({ 'members@odata.bind': [link] })).status).toBe(201);
  });

  it('does without a body where none is', async () => {
    expect((await graph.call('POST', '/groups')).body.error.message).toContain('Empty Payload');
  });
});
