import { beforeEach, describe, expect, it } from 'vitest';
import { putGroup } from '../../directory/groups.ts';
import { type GraphTestClient, openGraph } from '../testing/open-graph.ts';

let graph: GraphTestClient;
let token: string;
const sellers = 'c0ffee00-0000-4000-8000-00000000000a';
const news = 'c0ffee00-0000-4000-8000-00000000000b';
const outer = 'c0ffee00-0000-4000-8000-00000000000c';
const nobody = 'c0ffee00-0000-4000-8000-000000000000';

beforeEach(async () => {
  graph = await openGraph();
  token = await graph.personToken('admin', 'Directory.Read.All');
});

function put(id: string, members: string[], kind: 'security' | 'microsoft365' = 'security'): void {
  putGroup(graph.context.directory, { id, tenantId: graph.tenantId, displayName: id, kind }, members);
}

const post = async (path: string, body: object) => (await graph.call(token, 'POST', path, body)).body;
const get = async (path: string) =>
  (await graph.call(token, 'GET', path, undefined, { consistencylevel: 'eventual' })).body;

describe('memberOf', () => {
  beforeEach(() => {
    put(sellers, [graph.idOf('admin')]);
    put(outer, [sellers]);
  });

  it('has roles and groups, each of its kind', async () => {
    const { value } = await get('/me/memberOf');
    expect(value.map((object) => [object['@odata.type'], object.displayName])).toEqual([
      ['#microsoft.graph.directoryRole', 'Global Administrator'],
      ['#microsoft.graph.group', sellers],
    ]);
    expect((await get('/me/memberOf/microsoft.graph.group')).value).toMatchObject([{ id: sellers }]);
    expect((await get('/me/memberOf/microsoft.graph.directoryRole')).value).toHaveLength(1);
    expect((await get('/me/memberOf/microsoft.graph.user')).value).toEqual([]);
  });

  it('is the first step of transitiveMemberOf', async () => {
    const { value } = await get('/me/transitiveMemberOf/microsoft.graph.group');
    expect(value.map(({ id }) => id)).toEqual([sellers, outer]);
    expect((await get(`/groups/${sellers}/memberOf`)).value).toMatchObject([{ id: outer }]);
  });

  it('comes along where it is asked for', async () => {
    const direct = await get('/me?$select=id&$expand=memberOf($select=id)');
    expect(direct.memberOf).toHaveLength(2);
    const all = await get('/me?$select=id&$expand=transitiveMemberOf($select=id)');
    expect(all.transitiveMemberOf).toHaveLength(3);
  });
});

describe('a question', () => {
  beforeEach(() => {
    put(sellers, [graph.idOf('admin')]);
    put(news, [graph.idOf('admin')], 'microsoft365');
  });

  it.each(['/me', '/users/admin@contoso.onmicrosoft.com', 'object'])('is answered below %s', async (set) => {
    const path = set === 'object' ? `/directoryObjects/${graph.idOf('admin')}` : set;
    token = await graph.personToken('admin', 'Directory.Read.All User.Read.All');
    const all = await post(`${path}/getMemberGroups`, { securityEnabledOnly: false });
    expect(all).toEqual({
      '@odata.context': 'http://localhost:4482/v1.0/$metadata#Collection(Edm.String)',
      value: [sellers, news],
    });
    expect((await post(`${path}/getMemberGroups`, { securityEnabledOnly: true })).value).toEqual([sellers]);
    expect((await post(`${path}/getMemberGroups`, {})).value).toEqual([sellers, news]);
    const objects = (await post(`${path}/getMemberObjects`, { securityEnabledOnly: false })).value;
    expect(objects).toHaveLength(3);
    expect((await post(`${path}/checkMemberGroups`, { groupIds: [nobody, news] })).value).toEqual([news]);
    expect((await post(`${path}/checkMemberObjects`, { ids: [nobody, ...objects] })).value).toEqual(objects);
  });

  it('is answered for service principals and groups', async () => {
    const principalId = graph.principalIdOf();
    put(sellers, [principalId]);
    const path = `/servicePrincipals/${principalId}/checkMemberGroups`;
    expect((await post(path, { groupIds: [sellers] })).value).toEqual([sellers]);
    expect((await post(`/groups/${sellers}/getMemberGroups`, { securityEnabledOnly: false })).value).toEqual(
      [],
    );
  });

  it('is about twenty ids at most', async () => {
    const groupIds = Array.from({ length: 21 }, () => nobody);
    const path = `/directoryObjects/${sellers}/checkMemberGroups`;
    expect((await graph.call(token, 'POST', path, { groupIds })).status).toBe(400);
    expect((await graph.call(token, 'POST', path, { groupIds: groupIds.slice(1) })).status).toBe(200);
  });

  it.each([
    ['checkMemberGroups', { ids: [nobody] }],
    ['checkMemberObjects', { groupIds: [nobody] }],
    ['getMemberGroups', { securityEnabledOnly: 'perhaps' }],
  ])('is refused when %s is asked by %j', async (question, body) => {
    expect((await graph.call(token, 'POST', `/directoryObjects/${sellers}/${question}`, body)).status).toBe(
      400,
    );
  });
});
