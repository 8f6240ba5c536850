import { afterEach, beforeEach, expect, it } from 'vitest';
import { createAppRoleAssignment } from '../../directory/app-role-assignments.ts';
import { emptyApplicationDocument } from '../../directory/application-document.ts';
import { directoryRoles } from '../../directory/directory-roles.ts';
import { type Group, putGroup } from '../../directory/groups.ts';
import { seededUsers } from '../../directory/seed-contoso.ts';
import { findServicePrincipalByAppId } from '../../directory/service-principals.ts';
import { findUserByName, type User } from '../../directory/users.ts';
import { claimsOf, openTestEntra, type TestEntra } from '../testing/open-test-entra.ts';
import { redeemCode, signInForCode } from '../testing/sign-in-for-code.ts';
import { assignedRoles, membershipClaims } from './membership-claims.ts';

let entra: TestEntra;
let user: User;
beforeEach(async () => {
  entra = await openTestEntra();
  const found = findUserByName(entra.context.directory, seededUsers.administrator);
  if (!found) throw new Error('The seed has no administrator.');
  user = found;
});
afterEach(() => entra.close());

function put(count: number, kind: Group['kind'] = 'security'): string[] {
  const ids = Array.from({ length: count }, () => entra.context.random.guid());
  for (const id of ids) {
    putGroup(entra.context.directory, { id, tenantId: entra.tenant.id, displayName: id, kind }, [user.id]);
  }
  return ids.toSorted();
}

const claims = (wanted: string | null, delivery: 'token_endpoint' | 'browser' = 'token_endpoint') =>
  membershipClaims(entra.context.directory, user, wanted, delivery);

it('tells of groups what the application wants', () => {
  const [security, unified] = [put(2), put(1, 'microsoft365')];
  const wids = [directoryRoles['Global Administrator'].templateId, 'b79fbf4d-3ef9-4689-8143-76b194e85509'];
  expect(claims(null)).toEqual({});
  expect(claims('None')).toEqual({});
  expect(claims('SecurityGroup')).toEqual({ groups: security });
  expect(claims('DirectoryRole')).toEqual({ wids });
  expect(claims('SecurityGroup, DirectoryRole')).toEqual({ groups: security, wids });
  expect(claims('All')).toEqual({ groups: [...security, ...unified].toSorted(), wids });
});

it('tells of the groups that groups are in, and of Microsoft 365 groups that give access', () => {
  const { directory } = entra.context;
  const [inner = ''] = put(1);
  const outer = { id: entra.context.random.guid(), tenantId: entra.tenant.id, displayName: 'Outer' };
  putGroup(directory, { ...outer, kind: 'microsoft365', securityEnabled: true }, [inner]);
  expect(claims('SecurityGroup')).toEqual({ groups: expect.arrayContaining([inner, outer.id]) });
});

it('tells of groups only where there are some', () => {
  put(1, 'microsoft365');
  expect(claims('SecurityGroup')).toEqual({});
});

it('tells where to ask for more than 200 groups', () => {
  put(200);
  expect(claims('SecurityGroup')).toHaveProperty('groups');
  put(1);
  expect(claims('SecurityGroup')).toEqual({
    _claim_names: { groups: 'src1' },
    _claim_sources: {
      src1: { endpoint: `https://graph.microsoft.com/v1.0/users/${user.id}/getMemberObjects` },
    },
  });
});

it('tells by the browser only that there are six groups or more', () => {
  put(5);
  expect(claims('SecurityGroup', 'browser')).toHaveProperty('groups');
  put(1);
  expect(claims('SecurityGroup', 'browser')).toEqual({ hasgroups: true });
});

it.each([1, 2] as const)('puts groups into the id token of an app that wants them (v%i)', async (version) => {
  const groups = put(1);
  const app = entra.createApp({ document: { groupMembershipClaims: 'SecurityGroup' } });
  const code = await signInForCode(entra, app, { version });
  const { json } = await redeemCode(entra, app, code, {}, version);
  expect(claimsOf(json.id_token).groups).toEqual(groups);
  expect(claimsOf(json.access_token)).not.toHaveProperty('groups');
});

it('gives a person the roles of the groups that they are in', () => {
  const { directory } = entra.context;
  const [group = ''] = put(1);
  const approver = {
    id: entra.context.random.guid(),
    value: 'Approve',
    displayName: 'Approver',
    description: 'Approver',
    allowedMemberTypes: ['User' as const],
    isEnabled: true,
    origin: 'Application',
  };
  const { clientId } = entra.createApp({ document: { appRoles: [approver] } });
  const resource = findServicePrincipalByAppId(directory, entra.tenant.id, clientId);
  createAppRoleAssignment(directory, {
    tenantId: entra.tenant.id,
    appRoleId: approver.id,
    principalId: group,
    principalType: 'Group',
    resourceId: resource?.id ?? '',
  });
  expect(assignedRoles(directory, { id: user.id, kind: 'User' }, resource)).toEqual(['Approve']);
  expect(assignedRoles(directory, { id: user.id, kind: 'Application' }, resource)).toEqual([]);
});

it('gives no roles on what the tenant does not have', () => {
  const person = { id: user.id, kind: 'User' } as const;
  expect(assignedRoles(entra.context.directory, person, undefined)).toEqual([]);
});

it.each(['SecurityGroup,DirectoryRole', 'SecurityGroup ,  DirectoryRole', 'DirectoryRole SecurityGroup'])(
  'reads the list %j',
  (wanted) => {
    const groups = put(1);
    expect(claims(wanted)).toMatchObject({ groups, wids: [expect.any(String), expect.any(String)] });
  },
);

it('counts the groups of one browser answer apart from those of the token endpoint', () => {
  const groups = put(6);
  expect(claims('SecurityGroup')).toEqual({ groups });
  expect(claims('SecurityGroup', 'browser')).toEqual({ hasgroups: true });
});

it('puts groups into the access token of an API that wants them', async () => {
  const groups = put(1);
  const read = {
    id: entra.context.random.guid(),
    value: 'read',
    type: 'User',
    isEnabled: true,
    adminConsentDisplayName: 'Read',
    adminConsentDescription: 'Read',
    userConsentDisplayName: null,
    userConsentDescription: null,
  } as const;
  const api = entra.createApp({
    document: {
      identifierUris: ['api://orders'],
      api: { ...emptyApplicationDocument(null).api, oauth2PermissionScopes: [read] },
      groupMembershipClaims: 'SecurityGroup',
    },
  });
  const code = await signInForCode(entra, api, { parameters: { scope: 'api://orders/read' } });
  const { json } = await redeemCode(entra, api, code);
  expect(claimsOf(json.access_token).groups).toEqual(groups);
});
