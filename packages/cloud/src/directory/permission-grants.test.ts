import { wellKnownIds } from '@latchkey/microsoft';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { systemClock } from '../clock.ts';
import { type Directory, openDirectory } from './open-directory.ts';
import {
  consentToScopes,
  createPermissionGrant,
  findEqualGrant,
  findPermissionGrant,
  grantedScopes,
  hasAnyGrant,
  listGrantsOfClient,
  listPermissionGrants,
  type PermissionGrant,
} from './permission-grants.ts';
import { contosoDomain, seedContoso, seededUsers } from './seed-contoso.ts';
import { findServicePrincipalByAppId } from './service-principals.ts';
import { findTenant } from './tenants.ts';
import { findUserByName } from './users.ts';

let directory: Directory;
let tenantId: string;
/** Object ids of service principals and of people. */
let app: string;
let anotherApp: string;
let crm: string;
let graph: string;
let ada: string;
let bob: string;
beforeEach(() => {
  directory = openDirectory({ file: ':memory:', clock: systemClock });
  seedContoso(directory);
  tenantId = findTenant(directory, contosoDomain)?.id ?? '';
  const principalOf = (appId: string) => findServicePrincipalByAppId(directory, tenantId, appId)?.id ?? '';
  app = principalOf(wellKnownIds.graphCommandLineTools);
  anotherApp = principalOf(wellKnownIds.dynamicsDevelopmentTools);
  crm = principalOf(wellKnownIds.dynamicsCrm);
  graph = principalOf(wellKnownIds.microsoftGraph);
  ada = findUserByName(directory, seededUsers.administrator)?.id ?? '';
  bob = findUserByName(directory, seededUsers.salesperson)?.id ?? '';
});
afterEach(() => directory.close());

type Grant = Omit<PermissionGrant, 'id' | 'scope'>;
const person = (changes: Partial<Grant> = {}): Grant => ({
  tenantId,
  clientId: app,
  resourceId: crm,
  consentType: 'Principal',
  principalId: ada,
  ...changes,
});
const everybody = (changes: Partial<Grant> = {}): Grant =>
  person({ consentType: 'AllPrincipals', principalId: null, ...changes });

const give = (grant: Grant, scope = 'read') => createPermissionGrant(directory, { ...grant, scope });

const scopesOf = (userId: string, clientId = app, resourceId = crm) => [
  ...grantedScopes(directory, { clientId, resourceId, userId }),
];

it('counts for the person, the client and the API that it names', () => {
  give(person(), ' read  write ');
  expect(scopesOf(ada)).toEqual(['read', 'write']);
  expect(scopesOf(bob)).toEqual([]);
  expect(scopesOf(ada, anotherApp)).toEqual([]);
  expect(scopesOf(ada, app, graph)).toEqual([]);
});

it('counts for everybody where it names nobody, beside their own', () => {
  give(everybody());
  give(person(), 'read write');
  expect(scopesOf(ada)).toEqual(['read', 'write']);
  expect(scopesOf(bob)).toEqual(['read']);
});

it('shows whether a person gave a client anything at all', () => {
  give(person({ resourceId: graph }));
  const has = (clientId: string, userId: string) => hasAnyGrant(directory, { clientId, userId });
  expect([has(app, ada), has(app, bob), has(anotherApp, ada)]).toEqual([true, false, false]);
  give(everybody({ clientId: anotherApp }));
  expect(has(anotherApp, bob)).toBe(true);
});

it('is found in its own tenant alone', () => {
  const { id } = give(person());
  expect(findPermissionGrant(directory, tenantId, id)).toMatchObject({ clientId: app, scope: 'read' });
  expect(findPermissionGrant(directory, 'another', id)).toBeUndefined();
  expect(listPermissionGrants(directory, 'another')).toEqual([]);
});

it('is widened by a new consent of the same kind, and stands beside those of others', () => {
  consentToScopes(directory, { ...person(), scopes: ['read'] });
  consentToScopes(directory, { ...person(), scopes: ['read', 'write'] });
  consentToScopes(directory, { ...person({ principalId: bob }), scopes: ['read'] });
  consentToScopes(directory, { ...everybody(), scopes: ['list'] });
  consentToScopes(directory, { ...person({ resourceId: graph }), scopes: ['me'] });
  const kept = listGrantsOfClient(directory, tenantId, app);
  const scopes = [person(), person({ principalId: bob }), everybody(), person({ resourceId: graph })].map(
    (grant) => findEqualGrant(directory, grant)?.scope,
  );
  expect(scopes).toEqual(['read write', 'read', 'list', 'me']);
  expect(kept).toHaveLength(4);
  expect(findEqualGrant(directory, person({ principalId: bob, resourceId: graph }))).toBeUndefined();
});
