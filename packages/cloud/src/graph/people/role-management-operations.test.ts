import { beforeEach, expect, it } from 'vitest';
import { findUserByName, updateUserProfile } from '../../directory/users.ts';
import { type GraphTestClient, openGraph } from '../testing/open-graph.ts';
import { parseRoleAssignmentId, roleAssignmentId } from './role-assignment-id.ts';

let graph: GraphTestClient;
let token: string;

const globalAdministrator = '62e90394-69f5-4237-9190-012177145e10';
const userAdministrator = 'fe930be7-5e62-47db-91af-98c3a49a38b1';
const nobody = 'c0ffee00-0000-4000-8000-000000000000';
const assignments = '/roleManagement/directory/roleAssignments';
const definitions = '/roleManagement/directory/roleDefinitions';

beforeEach(async () => {
  graph = await openGraph();
  token = await graph.personToken('admin', 'RoleManagement.ReadWrite.Directory User.ReadWrite.All');
});

const call = (method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, body?: object, as = token) =>
  graph.call(as, method, path, body);
const assign = (changes: object = {}, as = token) =>
  call(
    'POST',
    assignments,
    {
      '@odata.type': '#microsoft.graph.unifiedRoleAssignment',
      roleDefinitionId: userAdministrator,
      principalId: graph.idOf('sales'),
      directoryScopeId: '/',
      ...changes,
    },
    as,
  );

it('describes the roles', async () => {
  const { body } = await call('GET', `${definitions}?$filter=displayName eq 'User Administrator'`);
  expect(body.value).toMatchObject([
    { id: userAdministrator, templateId: userAdministrator, isBuiltIn: true, isEnabled: true },
  ]);
  expect((await call('GET', `${definitions}/${globalAdministrator}`)).body.displayName).toBe(
    'Global Administrator',
  );
  expect((await call('GET', `${definitions}/${nobody}`)).status).toBe(404);
  expect((await call('POST', definitions, { displayName: 'Own' })).status).toBe(501);
});

it('gives a role that is effective at once, and takes it', async () => {
  const administrator = await graph.personToken('sales', 'User.ReadWrite.All');
  const rename = () => call('PATCH', `/users/${graph.idOf('nolicence')}`, { jobTitle: 'x' }, administrator);
  expect((await rename()).status).toBe(403);
  const { status, body } = await assign();
  expect([status, body]).toMatchObject([
    201,
    {
      principalId: graph.idOf('sales'),
      roleDefinitionId: userAdministrator,
      directoryScopeId: '/',
      appScopeId: null,
    },
  ]);
  expect((await rename()).status).toBe(204);
  const members = `/directoryRoles(roleTemplateId='${userAdministrator}')/members`;
  expect((await call('GET', members)).body.value).toMatchObject([{ id: graph.idOf('sales') }]);
  expect((await call('GET', `${assignments}/${body.id}`)).body).toMatchObject({ id: body.id });
  expect((await call('DELETE', `${assignments}/${body.id}`)).status).toBe(204);
  expect((await rename()).status).toBe(403);
  expect((await call('GET', `${assignments}/${body.id}`)).status).toBe(404);
  expect((await call('DELETE', `${assignments}/${body.id}`)).status).toBe(404);
});

it('lists who holds what, with the person and the role', async () => {
  await assign();
  const filter = `${assignments}?$filter=principalId eq '${graph.idOf('sales')}'`;
  expect((await call('GET', filter)).body.value).toMatchObject([{ roleDefinitionId: userAdministrator }]);
  expect((await call('GET', assignments)).body.value).toHaveLength(2);
  const withPrincipal = await call('GET', `${filter}&$expand=principal`);
  expect(withPrincipal.body.value).toMatchObject([
    { principal: { '@odata.type': '#microsoft.graph.user', displayName: 'Alex Wilber' } },
  ]);
  const withRole = await call('GET', `${filter}&$expand=roleDefinition($select=displayName)`);
  expect(withRole.body.value).toMatchObject([{ roleDefinition: { displayName: 'User Administrator' } }]);
});

it.each([
  [{ principalId: nobody }, 404],
  [{ roleDefinitionId: nobody }, 404],
  [{ directoryScopeId: undefined }, 400],
  [{ directoryScopeId: '/administrativeUnits/1' }, 501],
  [{ appScopeId: '/' }, 501],
  [{ condition: 'x' }, 501],
  [{ colour: 'red' }, 400],
])('gives none for %j', async (changes, status) => {
  expect((await assign(changes)).status).toBe(status);
});

it('gives none twice, and none to what is no person', async () => {
  await assign();
  const again = await assign();
  expect([again.status, again.body.error.message]).toEqual([
    400,
    'A conflicting object with one or more of the specified property values is present in the directory.',
  ]);
  expect((await assign({ principalId: graph.principalIdOf() })).status).toBe(501);
});

it('takes who may give roles, and the permission', async () => {
  const member = await graph.personToken('sales', 'RoleManagement.ReadWrite.Directory');
  expect((await assign({}, member)).status).toBe(403);
  const reader = await graph.personToken('admin', 'RoleManagement.Read.Directory');
  expect((await assign({}, reader)).status).toBe(403);
  const { id } = (await assign()).body;
  expect((await call('DELETE', `${assignments}/${id}`, undefined, reader)).status).toBe(403);
  expect((await call('GET', assignments, undefined, reader)).status).toBe(200);
  const other = await graph.personToken('admin', 'User.Read');
  expect((await call('GET', assignments, undefined, other)).status).toBe(403);
});

it('makes ids as the real service does', () => {
  // The first half of the ids in Microsoft's reference is the Global Administrator's.
  const id = roleAssignmentId(globalAdministrator, nobody);
  expect(id).toMatch(/^lAPpYvVpN0KRkAEhdxReE[\w-]{22}-1$/);
  expect(parseRoleAssignmentId(id)).toEqual({ roleDefinitionId: globalAdministrator, principalId: nobody });
  expect(parseRoleAssignmentId('nonsense')).toBeUndefined();
  expect(parseRoleAssignmentId(`${id.slice(0, -2)}-2`)).toBeUndefined();
});

it('is taken by administrators alone', async () => {
  const { body } = await assign();
  const member = await graph.personToken('sales', 'RoleManagement.ReadWrite.Directory');
  expect((await call('DELETE', `${assignments}/${body.id}`, undefined, member)).status).toBe(403);
  expect((await call('GET', `${assignments}/${body.id}`)).status).toBe(200);
});

it('knows nobody of another tenant', async () => {
  const { directory } = graph.context;
  const stranger = findUserByName(directory, 'grady@outlook.example')?.id ?? 'nobody of that name';
  expect((await assign({ principalId: stranger })).status).toBe(404);
  updateUserProfile(directory, stranger, { directoryRoles: ['User Administrator'] });
  const id = roleAssignmentId(userAdministrator, stranger);
  expect((await call('GET', `${assignments}/${id}`)).status).toBe(404);
  expect((await call('DELETE', `${assignments}/${id}`)).status).toBe(404);
});
