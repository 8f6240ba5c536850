import { expect, it } from 'vitest';
import { roleTexts, scopeTexts } from './permission-texts.ts';

it.each([
  ['Mail.Send', 'Send mail'],
  ['Group.ReadWrite.All', 'Read and write all groups'],
  ['DeviceManagementRBAC.Read.All', 'Read all device management RBAC'],
  ['APIConnectors.Read.All', 'Read all API connectors'],
  ['User-Mail.ReadWrite.All', 'Read and write all user mail'],
  ['Policy.Read.All', 'Read all policies'],
  ['CustomKey.Read.All', 'Read all custom keys'],
  ['Branch.Read.All', 'Read all branches'],
  ['AuditLogsQuery.Read.All', 'Read all audit logs queries'],
  ['AccessReview.ReadWrite.Membership', 'Read and write access review (membership)'],
  ['Teamwork.Migrate.All', 'Teamwork: migrate, all'],
  ['TeamsTab.ReadWriteSelfForUser.All', 'Teams tab: read write self for user, all'],
  ['EnvironmentManagement.Groups.ReadWrite', 'Read and write environment management groups'],
  ['vso.code_write', 'Vso: code write'],
  ['full_access_as_app', 'Full access as app'],
])('%s: %s', (value, title) => {
  expect(scopeTexts(value, 'Service').adminConsentDisplayName).toBe(title);
  expect(roleTexts(value)).toEqual({
    displayName: title,
    description: `${title} without a signed-in user.`,
  });
});

it.each(['user_impersonation', 'User'])('says of %s whose service it opens', (value) => {
  expect(scopeTexts(value, 'Azure Storage')).toEqual({
    adminConsentDisplayName: 'Access Azure Storage',
    adminConsentDescription: 'Access Azure Storage on behalf of the signed-in user.',
    userConsentDisplayName: 'Access Azure Storage',
    userConsentDescription: 'Access Azure Storage on behalf of you.',
  });
});
