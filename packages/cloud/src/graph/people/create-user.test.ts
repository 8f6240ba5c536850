import { beforeEach, describe, expect, it } from 'vitest';
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
  mailNickname: 'ada',
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
    preferences: [],
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

describe('POST /users', () => {
  const create = async (body: object, scopes = 'User.ReadWrite.All') =>
    graph.call(await graph.personToken('admin', scopes), 'POST', '/users', body);

  it('answers the new person in the default fields, with what was not given as null', async () => {
    const { status, body, headers } = await create({ ...ada, city: 'London' });
    expect(status).toBe(201);
    expect(headers.location).toBe(`http://localhost:4482/v1.0/users/${body.id}`);
    expect(body).toEqual({
      '@odata.context': 'http://localhost:4482/v1.0/$metadata#users/$entity',
      businessPhones: [],
      displayName: 'Ada Lovelace',
      givenName: null,
      jobTitle: null,
      mail: null,
      mobilePhone: null,
      officeLocation: null,
      preferredLanguage: null,
      surname: null,
      userPrincipalName: ada.userPrincipalName,
      id: body.id,
    });
  });

  it.each(["o'neill", 'ada_contoso.com#ext#', '_a!b^c~d-e', 'x', 'A.B', 'a'.repeat(64)])(
    'makes somebody who is called %s',
    async (name) => {
      const userPrincipalName = `${name}@${contosoDomain}`;
      const { status, body } = await create({ ...ada, userPrincipalName });
      expect([status, body.userPrincipalName]).toEqual([201, userPrincipalName.toLowerCase()]);
    },
  );

  it.each(['', 'ada.', '.ada', 'a..b', 'a&b', 'a+b', 'é', 'a'.repeat(65), 'a@b'])(
    'makes nobody who is called %j',
    async (name) => {
      const { body } = await create({ ...ada, userPrincipalName: `${name}@${contosoDomain}` });
      expect(body.error.message).toBe('Property userPrincipalName is invalid.');
    },
  );

  it.each(['accountEnabled', 'displayName', 'mailNickname', 'userPrincipalName'])(
    'requires %s',
    async (name) => {
      const { status, body } = await create({ ...ada, [name]: undefined });
      expect([status, body.error.code, body.error.message]).toEqual([
        400,
        'Request_BadRequest',
        `A value is required for property '${name}' of resource 'User'.`,
      ]);
    },
  );

  it.each([
    [{ passwordProfile: undefined }, 'A password must be specified to create a new user.'],
    [{ passwordProfile: { password: 'alllowercase' } }, 'password complexity requirements'],
    [{ passwordProfile: { password: 'Sh0rt!!' } }, 'password complexity requirements'],
    [{ userPrincipalName: 'ada@fabrikam.com' }, 'one of the verified domain names'],
    [{ userPrincipalName: 'a da@contoso.onmicrosoft.com' }, 'Property userPrincipalName is invalid.'],
    [{ userPrincipalName: seededUsers.salesperson }, 'value for property userPrincipalName already exists.'],
    [{ id: 'c0ffee00-0000-4000-8000-000000000000' }, "Property 'id' is read-only and cannot be set."],
    [{ favouriteColour: 'red' }, "Invalid property 'favouriteColour'."],
  ])('refuses %j', async (other, message) => {
    const { status, body } = await create({ ...ada, ...other });
    expect([status, body.error.code]).toEqual([400, 'Request_BadRequest']);
    expect(body.error.message).toContain(message);
  });

  it('takes a password of eight signs', async () => {
    expect((await create({ ...ada, passwordProfile: { password: 'Sh0rt!!!' } })).status).toBe(201);
  });

  it('takes a weak password where the person’s policies allow it', async () => {
    const weak = { passwordPolicies: 'DisablePasswordExpiration, DisableStrongPassword' };
    const passwordProfile = { password: 'alllowercase' };
    expect((await create({ ...ada, ...weak, passwordProfile })).status).toBe(201);
  });

  it('takes the permission and an administrator', async () => {
    expect((await create(ada, 'User.Read.All')).status).toBe(403);
    const caller = await graph.personToken('sales', 'User.ReadWrite.All');
    expect((await graph.call(caller, 'POST', '/users', ada)).status).toBe(403);
  });

  it('lets an application make people by itself', async () => {
    const token = await graph.applicationToken(graph.principalIdOf(), ['User.ReadWrite.All']);
    expect((await graph.call(token, 'POST', '/users', ada)).status).toBe(201);
  });
});
