import { beforeEach, expect, it } from 'vitest';
import { anyText } from '../../testing/expected.ts';
import { type GraphTestClient, openGraph } from '../testing/open-graph.ts';

const globalAdministrator = '62e90394-69f5-4237-9190-012177145e10';
const applicationAdministrator = '9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3';

let graph: GraphTestClient;
let token: string;

beforeEach(async () => {
  graph = await openGraph();
  token = await graph.personToken('admin', 'RoleManagement.ReadWrite.Directory User.Read.All');
});

const roleIds = async (path: string) => {
  const { body } = await graph.call(token, 'GET', path);
  return body.value.map(({ roleTemplateId }) => roleTemplateId);
};
const holders = async (templateId: string) => {
  const { body } = await graph.call(token, 'GET', `/directoryRoles(roleTemplateId='${templateId}')/members`);
  return body.value.map(({ id }) => id);
};
const addMember = (templateId: string, id: string, as = token) =>
  graph.call(as, 'POST', `/directoryRoles(roleTemplateId='${templateId}')/members/$ref`, {
    '@odata.id': `https://graph.microsoft.com/v1.0/directoryObjects/${id}`,
  });

it('lists the roles, each found by its id and by its template', async () => {
  const { body } = await graph.call(token, 'GET', '/directoryRoles');
  expect(body.value).toHaveLength(5);
  const first = body.value.find(({ roleTemplateId }) => roleTemplateId === globalAdministrator);
  for (const path of [
    `/directoryRoles/${first?.id}`,
    `/directoryRoles('${first?.id}')`,
    `/directoryRoles(id='${first?.id}')`,
    `/directoryRoles(roleTemplateId='${globalAdministrator}')`,
  ]) {
    expect((await graph.call(token, 'GET', path)).body).toMatchObject({ id: first?.id });
  }
  const filtered = await roleIds(`/directoryRoles?$filter=roleTemplateId eq '${globalAdministrator}'`);
  expect(filtered).toEqual([globalAdministrator]);
});

it('tells who holds a role, from both sides', async () => {
  expect(await holders(globalAdministrator)).toEqual([graph.idOf('admin')]);
  expect(await roleIds('/me/memberOf')).toEqual([globalAdministrator]);
  expect(await roleIds(`/users/${graph.idOf('sales')}/memberOf/microsoft.graph.directoryRole`)).toEqual([]);
  const { body } = await graph.call(token, 'GET', '/me/transitiveMemberOf');
  expect(body.value).toMatchObject([{ '@odata.type': '#microsoft.graph.directoryRole' }]);
});

it('gives a role, which then counts, and takes it away', async () => {
  const sales = graph.idOf('sales');
  const { body: app } = await graph.call(
    await graph.personToken('admin', 'Application.ReadWrite.All'),
    'POST',
    '/applications',
    { displayName: 'CRM' },
  );
  const rename = async () =>
    (
      await graph.call(
        await graph.personToken('sales', 'Application.ReadWrite.All'),
        'PATCH',
        `/applications/${app.id}`,
        { displayName: 'Renamed' },
      )
    ).status;
  expect(await rename()).toBe(403);
  expect((await addMember(applicationAdministrator, sales)).status).toBe(204);
  expect((await addMember(applicationAdministrator, sales)).status).toBe(400);
  expect(await rename()).toBe(204);
  const remove = () =>
    graph.call(
      token,
      'DELETE',
      `/directoryRoles(roleTemplateId='${applicationAdministrator}')/members/${sales}/$ref`,
    );
  expect((await remove()).status).toBe(204);
  expect((await remove()).status).toBe(404);
  expect(await rename()).toBe(403);
});

it.each([
  ['somebody without an administrator’s role', 'sales', 'RoleManagement.ReadWrite.Directory'],
  ['an administrator whose token lacks the permission', 'admin', 'RoleManagement.Read.Directory'],
])('lets %s give no role', async (_case, name, scopes) => {
  const caller = await graph.personToken(name, scopes);
  expect((await addMember(globalAdministrator, graph.idOf('sales'), caller)).status).toBe(403);
});

it('finds any object of the directory by its id alone', async () => {
  token = await graph.personToken('admin', 'Directory.Read.All');
  const { body } = await graph.call(token, 'GET', `/directoryObjects/${graph.idOf('sales')}`);
  expect(body).toMatchObject({ '@odata.type': '#microsoft.graph.user', displayName: 'Alex Wilber' });
  const nothing = 'c0ffee00-0000-4000-8000-000000000000';
  expect((await graph.call(token, 'GET', `/directoryObjects/${nothing}`)).status).toBe(404);
});

it('tells the templates of its roles, all of which are activated', async () => {
  const { body } = await graph.call(token, 'GET', '/directoryRoleTemplates');
  const [template] = body.value;
  expect(template).toEqual({
    id: globalAdministrator,
    deletedDateTime: null,
    description: anyText,
    displayName: 'Global Administrator',
  });
  const one = await graph.call(token, 'GET', `/directoryRoleTemplates/${template?.id}`);
  expect(one.body.displayName).toBe('Global Administrator');
  const activate = (roleTemplateId: string | undefined) =>
    graph.call(token, 'POST', '/directoryRoles', { roleTemplateId });
  expect((await activate(template?.id)).body.error.message).toContain('A conflicting object');
  expect((await activate('00000000-0000-4000-8000-000000000000')).status).toBe(404);
});
