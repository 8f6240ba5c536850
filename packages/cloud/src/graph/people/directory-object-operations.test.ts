import { beforeEach, describe, expect, it } from 'vitest';
import { putGroup } from '../../directory/groups.ts';
import { type GraphTestClient, openGraph } from '../testing/open-graph.ts';

let graph: GraphTestClient;
let token: string;
const sellers = 'c0ffee00-0000-4000-8000-00000000000a';
const nobody = 'c0ffee00-0000-4000-8000-000000000000';

beforeEach(async () => {
  graph = await openGraph();
  token = await graph.personToken('admin', 'Directory.Read.All');
  const group = { id: sellers, tenantId: graph.tenantId, displayName: 'Sellers', kind: 'security' as const };
  putGroup(graph.context.directory, group, [graph.idOf('admin')]);
});

const post = (path: string, body: object) => graph.call(token, 'POST', path, body);

it('tells what an id stands for, in the default properties of its kind', async () => {
  const { body } = await graph.call(token, 'GET', `/directoryObjects/${graph.idOf('sales')}`);
  expect(body).toMatchObject({ '@odata.type': '#microsoft.graph.user', displayName: 'Alex Wilber' });
  expect(body).not.toHaveProperty('accountEnabled');
  expect((await graph.call(token, 'GET', `/directoryObjects('${sellers}')`)).body).toMatchObject({
    '@odata.type': '#microsoft.graph.group',
  });
  expect((await graph.call(token, 'GET', `/directoryObjects/${nobody}`)).status).toBe(404);
});

describe('getByIds', () => {
  it('finds those that are there, each once', async () => {
    const ids = [graph.idOf('sales'), sellers, nobody, graph.principalIdOf(), sellers];
    const { status, body } = await post('/directoryObjects/getByIds', { ids });
    expect(status).toBe(200);
    expect(body.value.map((object) => [object['@odata.type'], object.id])).toEqual([
      ['#microsoft.graph.user', graph.idOf('sales')],
      ['#microsoft.graph.group', sellers],
      ['#microsoft.graph.servicePrincipal', graph.principalIdOf()],
    ]);
  });

  it('narrows by kind, also to kinds of which there are none', async () => {
    const ids = [graph.idOf('sales'), sellers];
    const find = async (...types: string[]) =>
      (await post('/directoryObjects/getByIds', { ids, types })).body.value.map(({ id }) => id);
    expect(await find('Group')).toEqual([sellers]);
    expect(await find('user', 'group')).toEqual(ids);
    expect(await find('directoryObject')).toEqual(ids);
    expect(await find('device')).toEqual([]);
  });

  it.each([{}, { ids: 'x' }, { ids: ['x'] }, { ids: [], types: ['teapot'] }])('refuses %j', async (body) => {
    expect((await post('/directoryObjects/getByIds', body)).status).toBe(400);
  });

  it('takes a thousand ids and no more', async () => {
    const ids = Array.from({ length: 1001 }, () => nobody);
    expect((await post('/directoryObjects/getByIds', { ids: ids.slice(1) })).status).toBe(200);
    expect((await post('/directoryObjects/getByIds', { ids })).status).toBe(400);
  });
});

describe('domains', () => {
  it('are those of the tenant', async () => {
    const caller = await graph.personToken('sales', 'Domain.Read.All');
    const { body } = await graph.call(caller, 'GET', '/domains');
    expect(body.value).toEqual([
      {
        authenticationType: 'Managed',
        availabilityStatus: null,
        id: 'contoso.onmicrosoft.com',
        isAdminManaged: true,
        isDefault: true,
        isInitial: true,
        isRoot: true,
        isVerified: true,
        passwordNotificationWindowInDays: null,
        passwordValidityPeriodInDays: null,
        state: null,
        supportedServices: ['Email', 'OfficeCommunicationsOnline'],
      },
    ]);
    expect((await graph.call(caller, 'GET', '/domains/Contoso.onmicrosoft.com')).body.id).toBe(
      'contoso.onmicrosoft.com',
    );
    expect((await graph.call(caller, 'GET', '/domains/contoso.com')).status).toBe(404);
    expect((await graph.call(caller, 'POST', '/domains', { id: 'contoso.com' })).status).toBe(501);
    const other = await graph.personToken('sales', 'User.Read');
    expect((await graph.call(other, 'GET', '/domains')).status).toBe(403);
  });
});

describe('a photo', () => {
  it.each(['/me/photo', '/me/photo/$value', '/me/photos/48x48', '/me/photos/48x48/$value'])(
    'is not there: %s',
    async (path) => {
      const caller = await graph.personToken('sales', 'User.Read');
      const { status, body } = await graph.call(caller, 'GET', path);
      expect([status, body.error.code]).toEqual([404, 'ImageNotFound']);
    },
  );

  it('is not there for anybody, and can’t be set', async () => {
    const caller = await graph.personToken('sales', 'User.ReadBasic.All');
    expect((await graph.call(caller, 'GET', `/users/${graph.idOf('admin')}/photo`)).body.error.code).toBe(
      'ImageNotFound',
    );
    expect((await graph.call(caller, 'GET', `/users/${nobody}/photo`)).body.error.code).toBe(
      'Request_ResourceNotFound',
    );
    expect((await graph.call(caller, 'GET', `/users/${graph.idOf('admin')}/photos`)).body.value).toEqual([]);
    expect((await graph.call(caller, 'PUT', '/me/photo/$value', {})).status).toBe(501);
  });
});
