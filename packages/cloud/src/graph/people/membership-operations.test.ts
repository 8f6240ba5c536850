import { beforeEach, expect, it } from 'vitest';
import { putGroup } from '../../directory/groups.ts';
import { type GraphTestClient, openGraph } from '../testing/open-graph.ts';

const sellers = '5e11e125-0000-4000-8000-000000000001';
const news = '5e11e125-0000-4000-8000-000000000002';
let graph: GraphTestClient;
let token: string;
beforeEach(async () => {
  graph = await openGraph();
  token = await graph.personToken('admin', 'User.Read.All Directory.Read.All');
  const { directory } = graph.context;
  const { tenantId } = graph;
  const members = [graph.idOf('admin'), graph.idOf('sales')];
  putGroup(directory, { id: sellers, tenantId, displayName: 'Sellers', kind: 'security' }, members);
  putGroup(directory, { id: news, tenantId, displayName: 'News', kind: 'microsoft365' }, members);
});

it('names the groups of a person beside the roles', async () => {
  const { body } = await graph.call(token, 'GET', '/me/memberOf');
  expect(body.value.map(({ '@odata.type': type, displayName }) => [type, displayName])).toEqual([
    ['#microsoft.graph.directoryRole', 'Global Administrator'],
    ['#microsoft.graph.group', 'News'],
    ['#microsoft.graph.group', 'Sellers'],
  ]);
  const groups = await graph.call(
    token,
    'GET',
    "/me/transitiveMemberOf/microsoft.graph.group?$filter=displayName eq 'News'",
  );
  expect(groups.body.value).toMatchObject([{ id: news, groupTypes: ['Unified'], securityEnabled: false }]);
  expect((await graph.call(token, 'GET', `/directoryObjects/${sellers}`)).body).toMatchObject({
    '@odata.type': '#microsoft.graph.group',
    displayName: 'Sellers',
  });
});

it.each<[string, object, string[]]>([
  ['getMemberGroups', {}, [news, sellers]],
  ['getMemberGroups', { securityEnabledOnly: true }, [sellers]],
  ['getMemberObjects', { securityEnabledOnly: false }, [news, sellers]],
])('answers %s with %o', async (operation, body, expected) => {
  const { status, body: answer } = await graph.call(
    token,
    'POST',
    `/users/${graph.idOf('sales')}/${operation}`,
    body,
  );
  expect([status, answer.value]).toEqual([200, expected]);
  expect(answer['@odata.context']).toBe('http://localhost:4482/v1.0/$metadata#Collection(Edm.String)');
});

it('counts roles among the objects that a person is a member of', async () => {
  const { body } = await graph.call(token, 'POST', '/me/getMemberObjects', { securityEnabledOnly: true });
  expect(body.value).toHaveLength(2);
  expect(
    (await graph.call(token, 'POST', '/me/getMemberObjects', { securityEnabledOnly: 'no' })).status,
  ).toBe(400);
});
