import { beforeEach, expect, it } from 'vitest';
import { putGroup } from '../../directory/groups.ts';
import { updateUserProfile } from '../../directory/users.ts';
import { type GraphTestClient, openGraph } from '../testing/open-graph.ts';

let graph: GraphTestClient;
let token: string;
let sales: string;

beforeEach(async () => {
  graph = await openGraph();
  token = await graph.personToken('admin', 'User.ReadWrite.All');
  sales = graph.idOf('sales');
});

const call = (method: 'GET' | 'POST' | 'DELETE', path: string, body?: object, as = token) =>
  graph.call(as, method, path, body);
const name = 'sales@contoso.onmicrosoft.com';
const deletedItem = () => `/directory/deletedItems/${sales}`;

it('takes a person out of every list, with their tokens', async () => {
  const own = await graph.personToken('sales', 'User.Read');
  expect((await call('DELETE', `/users/${name}`)).status).toBe(204);
  expect((await call('GET', `/users/${sales}`)).status).toBe(404);
  expect((await call('GET', `/users/${name}`)).status).toBe(404);
  expect((await call('GET', '/users')).body.value.map(({ id }) => id)).not.toContain(sales);
  expect((await call('GET', '/me', undefined, own)).status).toBe(401);
  expect((await call('DELETE', `/users/${sales}`)).status).toBe(404);
});

it('lists and restores them with what they had', async () => {
  const { directory } = graph.context;
  const group = {
    id: 'c0ffee00-0000-4000-8000-000000000001',
    tenantId: graph.tenantId,
    displayName: 'Sellers',
  };
  putGroup(directory, { ...group, kind: 'security' }, [sales]);
  await call('DELETE', `/users/${sales}`);
  const list = '/directory/deletedItems/microsoft.graph.user?$select=id,userPrincipalName,deletedDateTime';
  expect((await call('GET', list)).body.value).toEqual([
    {
      id: sales,
      userPrincipalName: `${sales.replaceAll('-', '')}${name}`,
      deletedDateTime: '2026-01-15T10:00:00Z',
    },
  ]);
  const { status, body } = await call('POST', `${deletedItem()}/restore`);
  expect(status).toBe(200);
  expect(body).toMatchObject({ '@odata.type': '#microsoft.graph.user', userPrincipalName: name });
  const { value } = (await call('GET', `/users/${name}/memberOf`)).body;
  expect(value).toMatchObject([{ id: group.id }]);
});

it('gives the sign-in name away meanwhile, and restores nobody whose name is taken', async () => {
  await call('DELETE', `/users/${sales}`);
  const { status } = await call('POST', '/users', {
    accountEnabled: true,
    displayName: 'Another Alex',
    mailNickname: 'sales',
    userPrincipalName: name,
    passwordProfile: { password: 'Enchantress1' },
  });
  expect(status).toBe(201);
  const restored = await call('POST', `${deletedItem()}/restore`);
  expect([restored.status, restored.body.error.message]).toEqual([
    400,
    'Another object with the same value for property userPrincipalName already exists.',
  ]);
});

it('forgets them for good when asked, or after 30 days', async () => {
  await call('DELETE', `/users/${sales}`);
  expect((await call('DELETE', deletedItem())).status).toBe(204);
  expect((await call('GET', deletedItem())).status).toBe(404);
  const other = graph.idOf('nolicence');
  await call('DELETE', `/users/${other}`);
  graph.clock.advance(30 * 24 * 60 * 60 * 1000);
  const later = await graph.personToken('admin', 'User.ReadWrite.All');
  expect((await call('GET', `/directory/deletedItems/${other}`, undefined, later)).status).toBe(404);
});

it('takes an administrator, and for one who holds a role a Global Administrator', async () => {
  const { directory } = graph.context;
  const member = await graph.personToken('sales', 'User.ReadWrite.All');
  const [admin, other] = [`/users/${graph.idOf('admin')}`, `/users/${graph.idOf('nolicence')}`];
  expect((await call('DELETE', other, undefined, member)).status).toBe(403);
  updateUserProfile(directory, sales, { directoryRoles: ['User Administrator'] });
  expect((await call('DELETE', admin, undefined, member)).status).toBe(403);
  expect((await call('DELETE', other, undefined, member)).status).toBe(204);
  updateUserProfile(directory, sales, { directoryRoles: [] });
  const deleted = (await call('GET', '/directory/deletedItems/microsoft.graph.user')).body.value[0]?.id ?? '';
  for (const method of ['POST', 'DELETE'] as const) {
    const path = `/directory/deletedItems/${deleted}${method === 'POST' ? '/restore' : ''}`;
    expect((await call(method, path, undefined, member)).status).toBe(403);
  }
});

it('takes a key in parentheses', async () => {
  expect((await call('DELETE', `/users('${name}')`)).status).toBe(204);
});

it('takes the permission to delete, to look at what was deleted that to read it', async () => {
  const reader = await graph.personToken('admin', 'User.Read.All');
  expect((await call('DELETE', `/users/${sales}`, undefined, reader)).status).toBe(403);
  const remover = await graph.personToken('admin', 'User.DeleteRestore.All');
  expect((await call('DELETE', `/users/${sales}`, undefined, remover)).status).toBe(204);
  expect((await call('GET', deletedItem(), undefined, reader)).status).toBe(200);
  expect((await call('POST', `${deletedItem()}/restore`, undefined, reader)).status).toBe(403);
  const applications = await graph.personToken('admin', 'Application.ReadWrite.All');
  expect((await call('GET', deletedItem(), undefined, applications)).status).toBe(403);
});
