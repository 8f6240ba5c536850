import { beforeEach, expect, it } from 'vitest';
import { grantedScopes } from '../../directory/permission-grants.ts';
import { findUserByName } from '../../directory/users.ts';
import { textLike } from '../../testing/expected.ts';
import { everyScope, type GraphTestClient, openGraph } from '../testing/open-graph.ts';

let graph: GraphTestClient;
let token: string;
let clientId: string;
let crmId: string;
let microsoftGraphId: string;

const organizationReadAll = '498476ce-e0fe-48b0-b801-37ba7e2685c6';

beforeEach(async () => {
  graph = await openGraph();
  token = await graph.personToken('admin', everyScope);
  const { body } = await graph.call(token, 'POST', '/applications', {
    displayName: 'CRM integration',
    signInAudience: 'AzureADMyOrg',
  });
  clientId = (await graph.call(token, 'POST', '/servicePrincipals', { appId: body.appId })).body.id;
  crmId = await principalId('00000007-0000-0000-c000-000000000000');
  microsoftGraphId = await principalId('00000003-0000-0000-c000-000000000000');
});

async function principalId(appId: string): Promise<string> {
  return (await graph.call(token, 'GET', `/servicePrincipals(appId='${appId}')`)).body.id;
}

const grantForAll = (properties: object = {}) =>
  graph.call(token, 'POST', '/oauth2PermissionGrants', {
    clientId,
    consentType: 'AllPrincipals',
    principalId: null,
    resourceId: crmId,
    scope: 'user_impersonation',
    ...properties,
  });

it('grants a delegated permission to everybody in the tenant', async () => {
  const { status, body } = await grantForAll();
  expect(status).toBe(201);
  expect(body).toEqual({
    '@odata.context': 'http://localhost:4482/v1.0/$metadata#oauth2PermissionGrants/$entity',
    clientId,
    consentType: 'AllPrincipals',
    id: textLike(/^[\w-]{20,}$/),
    principalId: null,
    resourceId: crmId,
    scope: 'user_impersonation',
  });
  const granted = grantedScopes(graph.context.directory, {
    clientId,
    resourceId: crmId,
    userId: graph.idOf('sales'),
  });
  expect([...granted]).toEqual(['user_impersonation']);
});

it('refuses the same grant twice, but takes one for a person beside it', async () => {
  await grantForAll();
  const again = await grantForAll();
  expect([again.status, again.body.error.message]).toEqual([400, 'Permission entry already exists.']);
  const personal = await grantForAll({ consentType: 'Principal', principalId: graph.idOf('sales') });
  expect(personal.status).toBe(201);
});

it.each([
  ['an application id in place of an object id', { clientId: '00000007-0000-0000-c000-000000000000' }, 404],
  ['an unknown consent type', { consentType: 'Everybody' }, 400],
  ['a grant for a person without the person', { consentType: 'Principal' }, 400],
  ['a grant for everybody with a person', { principalId: 'c0ffee00-0000-4000-8000-000000000000' }, 400],
  ['no scope', { scope: undefined }, 400],
])('refuses %s', async (_case, properties, expected) => {
  expect((await grantForAll(properties)).status).toBe(expected);
});

it('finds grants by client, type, principal and resource', async () => {
  const { id } = (await grantForAll()).body;
  await grantForAll({ resourceId: microsoftGraphId, scope: 'User.Read' });
  for (const filter of [
    `clientId eq '${clientId}' and resourceId eq '${crmId}'`,
    `clientId eq '${clientId}' and consentType eq 'AllPrincipals' and principalId eq null and resourceId eq '${crmId}'`,
  ]) {
    const path = `/oauth2PermissionGrants?$filter=${encodeURIComponent(filter)}`;
    expect((await graph.call(token, 'GET', path)).body.value).toMatchObject([{ id }]);
  }
});

it('replaces the scopes of a grant whole, and deletes it', async () => {
  const { id } = (await grantForAll()).body;
  const path = `/oauth2PermissionGrants/${id}`;
  expect((await graph.call(token, 'PATCH', path, { scope: 'mcp.tools' })).status).toBe(204);
  expect((await graph.call(token, 'GET', path)).body.scope).toBe('mcp.tools');
  expect((await graph.call(token, 'DELETE', path)).status).toBe(204);
  expect((await graph.call(token, 'GET', path)).status).toBe(404);
});

it.each(['appRoleAssignedTo', 'appRoleAssignments'])(
  'gives an application permission through %s',
  async (side) => {
    const address = side === 'appRoleAssignedTo' ? microsoftGraphId : clientId;
    const path = `/servicePrincipals/${address}/${side}`;
    const assignment = {
      principalId: clientId,
      resourceId: microsoftGraphId,
      appRoleId: organizationReadAll,
    };
    const { status, body } = await graph.call(token, 'POST', path, assignment);
    expect(status).toBe(201);
    expect(body).toEqual({
      '@odata.context': `http://localhost:4482/v1.0/$metadata#servicePrincipals('${address}')/${side}/$entity`,
      id: textLike(/^[\w-]{20,}$/),
      deletedDateTime: null,
      createdDateTime: '2026-01-15T10:00:00Z',
      principalDisplayName: 'CRM integration',
      principalType: 'ServicePrincipal',
      resourceDisplayName: 'Microsoft Graph',
      ...assignment,
    });
    expect((await graph.call(token, 'GET', path)).body.value).toMatchObject([{ id: body.id }]);

    const again = await graph.call(token, 'POST', path, assignment);
    expect([again.status, again.body.error.message]).toEqual([
      400,
      'Permission being assigned already exists on the object',
    ]);
    expect((await graph.call(token, 'DELETE', `${path}/${body.id}`)).status).toBe(204);
    expect((await graph.call(token, 'GET', path)).body.value).toEqual([]);
  },
);

it('refuses a role that the resource does not offer: Dynamics CRM offers none', async () => {
  const { status, body } = await graph.call(token, 'POST', `/servicePrincipals/${crmId}/appRoleAssignedTo`, {
    principalId: clientId,
    resourceId: crmId,
    appRoleId: organizationReadAll,
  });
  expect(status).toBe(400);
  expect(body.error.message).toContain('Permission being assigned was not found on application');
});

it('refuses ids that contradict the address', async () => {
  const { status } = await graph.call(token, 'POST', `/servicePrincipals/${crmId}/appRoleAssignedTo`, {
    principalId: clientId,
    resourceId: microsoftGraphId,
    appRoleId: organizationReadAll,
  });
  expect(status).toBe(400);
});

it('grants nothing for a person of another tenant', async () => {
  const stranger = findUserByName(graph.context.directory, 'grady@outlook.example')?.id;
  const { status } = await grantForAll({ consentType: 'Principal', principalId: stranger });
  expect(status).toBe(404);
});

it('is changed and taken back by administrators alone', async () => {
  const { body } = await grantForAll();
  const path = `/oauth2PermissionGrants/${body.id}`;
  const member = await graph.personToken('sales', everyScope);
  expect((await graph.call(member, 'PATCH', path, { scope: 'other' })).status).toBe(403);
  expect((await graph.call(member, 'DELETE', path)).status).toBe(403);
  expect((await graph.call(token, 'GET', path)).body.scope).toBe('user_impersonation');
});

it('keeps scopes of 20,000 characters, and no more', async () => {
  expect((await grantForAll({ scope: 'x'.repeat(20_001) })).status).toBe(400);
  expect((await grantForAll({ scope: 'x'.repeat(20_000) })).status).toBe(201);
});
