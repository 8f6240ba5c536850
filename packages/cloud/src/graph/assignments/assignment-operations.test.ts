import { beforeEach, describe, expect, it } from 'vitest';
import { putGroup } from '../../directory/groups.ts';
import {
  findServicePrincipal,
  type ServicePrincipal,
  updateServicePrincipal,
} from '../../directory/service-principals.ts';
import { everyScope, type GraphTestClient, openGraph } from '../testing/open-graph.ts';

let graph: GraphTestClient;
let token: string;
let resourceId: string;
const approver = 'c0ffee00-0000-4000-8000-00000000000a';
const sellers = 'c0ffee00-0000-4000-8000-00000000000b';
const news = 'c0ffee00-0000-4000-8000-00000000000c';

beforeEach(async () => {
  graph = await openGraph();
  token = await graph.personToken('admin', `${everyScope} Directory.Read.All`);
  const application = await graph.call(token, 'POST', '/applications', {
    displayName: 'Orders',
    appRoles: [
      {
        id: approver,
        allowedMemberTypes: ['User'],
        displayName: 'Approver',
        description: 'Approves.',
        value: 'Approve',
        isEnabled: true,
      },
    ],
  });
  const { appId } = application.body;
  resourceId = (await graph.call(token, 'POST', '/servicePrincipals', { appId })).body.id;
  const { tenantId } = graph;
  putGroup(graph.context.directory, { id: sellers, tenantId, displayName: 'Sellers', kind: 'security' }, []);
  putGroup(graph.context.directory, { id: news, tenantId, displayName: 'News', kind: 'microsoft365' }, []);
});

function findPrincipal(): ServicePrincipal {
  const found = findServicePrincipal(graph.context.directory, graph.tenantId, resourceId);
  if (!found) throw new Error('The app has no service principal.');
  return found;
}

const assignment = (principalId: string) => ({ principalId, resourceId, appRoleId: approver });

describe.each([
  ['users', 'User', 'Alex Wilber', (): string => graph.idOf('sales')],
  ['groups', 'Group', 'Sellers', (): string => sellers],
] as const)('a role of %s', (set, principalType, principalDisplayName, idOf) => {
  const path = () => `/${set}/${idOf()}/appRoleAssignments`;

  it('is given, read and taken below who gets it', async () => {
    const { status, body } = await graph.call(token, 'POST', path(), assignment(idOf()));
    expect(status).toBe(201);
    const expected = {
      appRoleId: approver,
      principalDisplayName,
      principalId: idOf(),
      principalType,
      resourceDisplayName: 'Orders',
      resourceId,
    };
    expect(body).toMatchObject({
      '@odata.context': `http://localhost:4482/v1.0/$metadata#${set}('${idOf()}')/appRoleAssignments/$entity`,
      ...expected,
    });
    expect((await graph.call(token, 'GET', `${path()}/${body.id}`)).body).toMatchObject(expected);
    expect((await graph.call(token, 'GET', path())).body.value).toMatchObject([expected]);
    expect((await graph.call(token, 'DELETE', `${path()}/${body.id}`)).status).toBe(204);
    expect((await graph.call(token, 'DELETE', `${path()}/${body.id}`)).status).toBe(404);
    expect((await graph.call(token, 'GET', path())).body.value).toEqual([]);
  });

  it('is given below what gives it', async () => {
    const given = `/servicePrincipals/${resourceId}/appRoleAssignedTo`;
    expect((await graph.call(token, 'POST', given, assignment(idOf()))).status).toBe(201);
    expect((await graph.call(token, 'GET', path())).body.value).toHaveLength(1);
    expect((await graph.call(token, 'POST', path(), assignment(idOf()))).status).toBe(400);
  });

  it('is given to the one that the path names, by an administrator with the permission', async () => {
    expect((await graph.call(token, 'POST', path(), assignment(graph.idOf('admin')))).status).toBe(400);
    const reader = await graph.personToken('admin', 'Application.Read.All User.Read.All');
    expect((await graph.call(reader, 'POST', path(), assignment(idOf()))).status).toBe(403);
    const member = await graph.personToken('sales', everyScope);
    expect((await graph.call(member, 'POST', path(), assignment(idOf()))).status).toBe(403);
  });

  it('has to be one that people can have', async () => {
    const unknown = { ...assignment(idOf()), appRoleId: 'c0ffee00-0000-4000-8000-000000000099' };
    expect((await graph.call(token, 'POST', path(), unknown)).status).toBe(400);
    const byDefault = { ...assignment(idOf()), appRoleId: '00000000-0000-0000-0000-000000000000' };
    expect((await graph.call(token, 'POST', path(), byDefault)).status).toBe(400);
  });
});

describe('a role', () => {
  it('is taken by an administrator alone', async () => {
    const given = `/servicePrincipals/${resourceId}/appRoleAssignedTo`;
    const { body } = await graph.call(token, 'POST', given, assignment(graph.idOf('sales')));
    const member = await graph.personToken('sales', everyScope);
    expect((await graph.call(member, 'DELETE', `${given}/${body.id}`)).status).toBe(403);
    expect((await graph.call(token, 'GET', given)).body).toMatchObject({
      '@odata.context': `http://localhost:4482/v1.0/$metadata#servicePrincipals('${resourceId}')/appRoleAssignedTo`,
      value: [{ id: body.id }],
    });
  });

  it('is one of a resource that is there, switched on, and for its kind of holder', async () => {
    const path = `/users/${graph.idOf('sales')}/appRoleAssignments`;
    const nobody = 'c0ffee00-0000-4000-8000-000000000000';
    const elsewhere = { ...assignment(graph.idOf('sales')), resourceId: nobody };
    expect((await graph.call(token, 'POST', path, elsewhere)).status).toBe(404);
    const given = `/servicePrincipals/${resourceId}/appRoleAssignedTo`;
    expect((await graph.call(token, 'POST', given, assignment(graph.principalIdOf()))).status).toBe(400);
    expect((await graph.call(token, 'POST', given, assignment(nobody))).status).toBe(404);
    const { document, ...principal } = findPrincipal();
    const appRoles = document.appRoles.map((role) => ({ ...role, isEnabled: false }));
    updateServicePrincipal(graph.context.directory, { ...principal, document: { ...document, appRoles } });
    expect((await graph.call(token, 'POST', path, assignment(graph.idOf('sales')))).status).toBe(400);
  });
});

it('gives roles to security groups alone', async () => {
  const given = `/servicePrincipals/${resourceId}/appRoleAssignedTo`;
  expect((await graph.call(token, 'POST', given, assignment(news))).status).toBe(404);
});

describe('what a person consented to', () => {
  const grant = async () => {
    const crm = graph.principalIdOf('00000007-0000-0000-c000-000000000000');
    const body = {
      clientId: resourceId,
      consentType: 'Principal',
      principalId: graph.idOf('sales'),
      resourceId: crm,
      scope: 'user_impersonation',
    };
    return (await graph.call(token, 'POST', '/oauth2PermissionGrants', body)).body.id;
  };

  it('is listed below the person, and found by them', async () => {
    const id = await grant();
    await graph.call(token, 'POST', '/oauth2PermissionGrants', {
      clientId: resourceId,
      consentType: 'AllPrincipals',
      principalId: null,
      resourceId: graph.principalIdOf('00000007-0000-0000-c000-000000000000'),
      scope: 'user_impersonation',
    });
    const paths = [
      `/users/${graph.idOf('sales')}/oauth2PermissionGrants`,
      `/oauth2PermissionGrants?$filter=principalId eq '${graph.idOf('sales').toUpperCase()}'`,
    ];
    for (const path of paths) {
      expect((await graph.call(token, 'GET', path)).body.value).toMatchObject([
        { id, scope: 'user_impersonation' },
      ]);
    }
    expect((await graph.call(token, 'GET', '/me/oauth2PermissionGrants')).body.value).toEqual([]);
    const reader = await graph.personToken('admin', 'User.Read');
    expect((await graph.call(reader, 'GET', '/me/oauth2PermissionGrants')).status).toBe(403);
  });

  it('comes along where it is asked for', async () => {
    const id = await grant();
    const reader = await graph.personToken('admin', 'User.Read.All');
    const path = `/users/${graph.idOf('sales')}?$select=id&$expand=oauth2PermissionGrants($select=id)`;
    expect((await graph.call(reader, 'GET', path)).body).toMatchObject({ oauth2PermissionGrants: [{ id }] });
  });
});
