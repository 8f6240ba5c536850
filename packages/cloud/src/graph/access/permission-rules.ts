import { accessDenied, GraphError } from '../errors/graph-error.ts';
import type { Caller } from './authenticate-caller.ts';

/** Any one of the named permissions is enough; higher ones stand beside the least one. */
export interface PermissionRule {
  /** Delegated permissions (`scp`). */
  delegated: readonly string[];
  /** Application permissions (`roles`); null where only a signed-in person makes sense. */
  application: readonly string[] | null;
}

/** What the person may do, the application may do for them; the person's own roles are checked besides. */
const asThePerson = 'Directory.AccessAsUser.All';

const directoryReaders = ['Directory.Read.All', 'Directory.ReadWrite.All'];

const directoryUserWriters = ['User.ReadWrite.All', 'Directory.ReadWrite.All'];
const userWriters = [...directoryUserWriters, asThePerson];
/** Each changes some properties of people, and no others. */
const particularUserWriters = [
  'User.EnableDisableAccount.All',
  'User-Mail.ReadWrite.All',
  'User-PasswordProfile.ReadWrite.All',
  'User-Phone.ReadWrite.All',
];

const groupWriters = ['Group.ReadWrite.All', 'Directory.ReadWrite.All'];
const groupReaders = [
  'GroupMember.Read.All',
  'GroupMember.ReadWrite.All',
  'Group.Read.All',
  'Group.ReadWrite.All',
  ...directoryReaders,
];

/** A permission that is there in both kinds under one name. */
function both(...names: readonly string[]): PermissionRule {
  return { delegated: names, application: names };
}

/** Who may call what: the least permission of Microsoft's reference for each call, and those that include it. */
export const permissionRules = {
  readApplications: {
    delegated: ['Application.Read.All', 'Application.ReadWrite.All', ...directoryReaders, asThePerson],
    application: [
      'Application.Read.All',
      'Application.ReadWrite.OwnedBy',
      'Application.ReadWrite.All',
      ...directoryReaders,
    ],
  },
  writeApplications: {
    delegated: ['Application.ReadWrite.All', asThePerson],
    application: ['Application.ReadWrite.OwnedBy', 'Application.ReadWrite.All'],
  },
  readGrants: {
    delegated: ['DelegatedPermissionGrant.ReadWrite.All', ...directoryReaders, asThePerson],
    application: ['DelegatedPermissionGrant.ReadWrite.All', ...directoryReaders],
  },
  writeGrants: {
    delegated: ['DelegatedPermissionGrant.ReadWrite.All', asThePerson],
    application: ['DelegatedPermissionGrant.ReadWrite.All'],
  },
  readConsentRequests: {
    delegated: ['ConsentRequest.Read.All', 'ConsentRequest.ReadWrite.All', asThePerson],
    application: ['ConsentRequest.Read.All', 'ConsentRequest.ReadWrite.All'],
  },
  writeAppRoleAssignments: {
    delegated: ['AppRoleAssignment.ReadWrite.All', asThePerson],
    application: ['AppRoleAssignment.ReadWrite.All'],
  },
  readPhotos: {
    delegated: [
      'ProfilePhoto.Read.All',
      'ProfilePhoto.ReadWrite.All',
      'User.Read',
      'User.ReadWrite',
      'User.ReadBasic.All',
      'User.Read.All',
      ...userWriters,
      ...directoryReaders,
    ],
    application: [
      'ProfilePhoto.Read.All',
      'ProfilePhoto.ReadWrite.All',
      'User.ReadBasic.All',
      'User.Read.All',
      ...directoryUserWriters,
      ...directoryReaders,
    ],
  },
  readMe: {
    delegated: ['User.Read', 'User.ReadWrite', 'User.Read.All', ...directoryReaders, asThePerson],
    application: null,
  },
  readUsers: {
    delegated: [
      'User.ReadBasic.All',
      'User.Read.All',
      'User.ReadWrite.All',
      ...directoryReaders,
      asThePerson,
    ],
    application: ['User.Read.All', 'User.ReadWrite.All', ...directoryReaders],
  },
  deleteUsers: {
    delegated: ['User.DeleteRestore.All', ...userWriters],
    application: ['User.DeleteRestore.All', ...directoryUserWriters],
  },
  writeUsers: { delegated: userWriters, application: directoryUserWriters },
  /** Oneself, whatever is one's own to change. */
  writeMe: { delegated: ['User.ReadWrite'], application: null },
  enableUsers: both('User.EnableDisableAccount.All'),
  writeUserMail: both('User-Mail.ReadWrite.All'),
  writeUserPasswords: both('User-PasswordProfile.ReadWrite.All'),
  writeUserPhones: both('User-Phone.ReadWrite.All'),
  /** Any of those that change something; what a caller may change is looked at when the body is there. */
  updateMe: { delegated: ['User.ReadWrite', ...userWriters, ...particularUserWriters], application: null },
  updateUsers: {
    delegated: ['User.ReadWrite', ...userWriters, ...particularUserWriters],
    application: [...directoryUserWriters, ...particularUserWriters],
  },
  revokeOwnSessions: {
    delegated: [
      'User.RevokeSessions.All',
      'User.ReadWrite',
      'User.ReadWrite.All',
      'Directory.ReadWrite.All',
      asThePerson,
    ],
    application: null,
  },
  revokeSessions: {
    delegated: ['User.RevokeSessions.All', 'User.ReadWrite.All', 'Directory.ReadWrite.All', asThePerson],
    application: ['User.RevokeSessions.All', 'User.ReadWrite.All', 'Directory.ReadWrite.All'],
  },
  readGroups: {
    delegated: [...groupReaders, asThePerson],
    application: groupReaders,
  },
  readGroupAssignments: {
    delegated: ['AppRoleAssignment.ReadWrite.All', ...directoryReaders, asThePerson],
    application: ['AppRoleAssignment.ReadWrite.All', ...directoryReaders],
  },
  createGroups: {
    delegated: [...groupWriters, asThePerson],
    application: ['Group.Create', ...groupWriters],
  },
  writeGroups: { delegated: [...groupWriters, asThePerson], application: groupWriters },
  writeGroupMembers: {
    delegated: ['GroupMember.ReadWrite.All', ...groupWriters, asThePerson],
    application: ['GroupMember.ReadWrite.All', ...groupWriters],
  },
  readDomains: {
    delegated: ['Domain.Read.All', 'Domain.ReadWrite.All', ...directoryReaders, asThePerson],
    application: ['Domain.Read.All', 'Domain.ReadWrite.All', ...directoryReaders],
  },
  readRoles: {
    delegated: [
      'RoleManagement.Read.Directory',
      'RoleManagement.ReadWrite.Directory',
      ...directoryReaders,
      asThePerson,
    ],
    application: ['RoleManagement.Read.Directory', 'RoleManagement.ReadWrite.Directory', ...directoryReaders],
  },
  writeRoles: {
    delegated: ['RoleManagement.ReadWrite.Directory', asThePerson],
    application: ['RoleManagement.ReadWrite.Directory'],
  },
  readDirectory: {
    delegated: [...directoryReaders, asThePerson],
    application: directoryReaders,
  },
  readOrganizationFully: {
    delegated: ['Organization.Read.All', 'Organization.ReadWrite.All', ...directoryReaders, asThePerson],
    application: ['Organization.Read.All', 'Organization.ReadWrite.All', ...directoryReaders],
  },
  readOrganization: {
    delegated: ['User.Read', 'Organization.Read.All', ...directoryReaders, asThePerson],
    application: ['Organization.Read.All', 'Organization.ReadWrite.All', ...directoryReaders],
  },
} as const satisfies Record<string, PermissionRule>;

export function satisfies(caller: Caller, rule: PermissionRule): boolean {
  return caller.kind === 'person'
    ? rule.delegated.some((scope) => caller.scopes.has(scope))
    : (rule.application ?? []).some((role) => caller.roles.has(role));
}

/** @throws GraphError 403 when a rule isn't met; 400 when an application asks for what only a person has */
export function requirePermissions(caller: Caller, rules: readonly PermissionRule[]): void {
  for (const rule of rules) {
    if (caller.kind === 'application' && rule.application === null) {
      throw new GraphError(
        400,
        'BadRequest',
        '/me request is only valid with delegated authentication flow.',
      );
    }
    if (!satisfies(caller, rule)) throw accessDenied();
  }
}
