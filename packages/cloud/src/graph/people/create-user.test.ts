import { beforeEach, expect, it } from 'vitest';
import { contosoDomain, seededUsers } from '../../directory/seed-contoso.ts';
import { findTenant } from '../../directory/tenants.ts';
import { type DirectoryRole, findUserByName, updateUserProfile } from '../../directory/users.ts';
import { GraphError } from '../errors/graph-error.ts';
import type { GraphCall } from '../operation/graph-operation.ts';
import { type GraphTestClient, openGraph } from '../testing/open-graph.ts';
import { assignDirectoryRoles, assignLicences, changeUserConditions } from './administer-user.ts';
import { createUserFromBody } from './create-user.ts';

let graph: GraphTestClient;

beforeEach(async () => {
  graph = await openGraph();
});

const ada = {
  accountEnabled: true,
  displayName: 'Ada Lovelace',
  userPrincipalName: `ada@${contosoDomain}`,
  passwordProfile: { password: 'Enchantress1' },
};

/** A call of a person who holds these roles. */
function callOf(directoryRoles: DirectoryRole[], { id = '', body }: { id?: string; body?: object } = {}) {
  const { context } = graph;
  const tenant = findTenant(context.directory, contosoDomain);
  const user = findUserByName(context.directory, seededUsers.salesperson);
  if (!tenant || !user) throw new Error('The seed lacks Contoso or its salesperson.');
  updateUserProfile(context.directory, user.id, { directoryRoles });
  const call: GraphCall = {
    context,
    caller: { kind: 'person', tenant, user: { ...user, directoryRoles }, scopes: new Set() },
    serviceRoot: 'http://localhost:4482/v1.0',
    path: '',
    params: { id },
    query: new URLSearchParams(),
    body,
    eventual: false,
  };
  return call;
}

const statusOf = (work: () => unknown) => {
  try {
    work();
    return 200;
  } catch (error) {
    return error instanceof GraphError ? error.status : 500;
  }
};

it('makes a person for a User Administrator, with a password to be changed at the first sign-in', () => {
  const answer = createUserFromBody(callOf(['User Administrator'], { body: ada }));
  expect(answer).toMatchObject({ status: 201, body: { userPrincipalName: ada.userPrincipalName } });
  expect(findUserByName(graph.context.directory, ada.userPrincipalName)).toMatchObject({
    displayName: 'Ada Lovelace',
    enabled: true,
    directoryRoles: [],
    licences: [],
    conditions: { password: 'must_change' },
  });
});

it('makes nobody for a member, of a domain that is not the tenant’s, or with a name that is taken', () => {
  expect(statusOf(() => createUserFromBody(callOf([], { body: ada })))).toBe(403);
  for (const userPrincipalName of [
    'ada@fabrikam.com',
    seededUsers.administrator,
    'ada',
    `a b@${contosoDomain}`,
  ]) {
    const body = { ...ada, userPrincipalName };
    expect(statusOf(() => createUserFromBody(callOf(['Global Administrator'], { body })))).toBe(400);
  }
});

it('keeps administrators from those who may not change them', () => {
  const id = findUserByName(graph.context.directory, seededUsers.administrator)?.id ?? '';
  const before = findUserByName(graph.context.directory, seededUsers.administrator);
  const call = () => callOf(['User Administrator'], { id });
  expect(statusOf(() => assignLicences(call(), []))).toBe(403);
  expect(statusOf(() => changeUserConditions(call(), { isLocked: true }))).toBe(403);
  expect(statusOf(() => assignDirectoryRoles(call(), []))).toBe(403);
  expect(findUserByName(graph.context.directory, seededUsers.administrator)).toEqual(before);
});

it('gives roles for who may give them alone', () => {
  const id = findUserByName(graph.context.directory, seededUsers.withoutLicence)?.id ?? '';
  const give = (roles: DirectoryRole[]) =>
    statusOf(() => assignDirectoryRoles(callOf(roles, { id }), ['Application Administrator']));
  expect(give(['User Administrator'])).toBe(403);
  expect(give(['Privileged Role Administrator'])).toBe(200);
  expect(findUserByName(graph.context.directory, seededUsers.withoutLicence)?.directoryRoles).toEqual([
    'Application Administrator',
  ]);
});
