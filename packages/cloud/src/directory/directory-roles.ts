import { type Directory, selectAll } from './open-directory.ts';
import { stableGuid } from './stable-guid.ts';
import type { DirectoryRole } from './users.ts';

interface DirectoryRoleFacts {
  /** The same in every tenant; tokens name the role by it (`wids`). */
  templateId: string;
  description: string;
}

/** The directory roles that this cloud knows. Source: "Microsoft Entra built-in roles". */
export const directoryRoles: Readonly<Record<DirectoryRole, DirectoryRoleFacts>> = {
  'Global Administrator': {
    templateId: '62e90394-69f5-4237-9190-012177145e10',
    description:
      'Can manage all aspects of Microsoft Entra ID and Microsoft services that use Microsoft Entra identities.',
  },
  'Privileged Role Administrator': {
    templateId: 'e8611ab8-c189-46e8-94e1-60213ab1f814',
    description:
      'Can manage role assignments in Microsoft Entra ID, and all aspects of Privileged Identity Management.',
  },
  'Application Administrator': {
    templateId: '9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3',
    description: 'Can create and manage all aspects of app registrations and enterprise apps.',
  },
  'Cloud Application Administrator': {
    templateId: '158c047a-c907-4556-b7ef-446551a6b5f7',
    description:
      'Can create and manage all aspects of app registrations and enterprise apps except App Proxy.',
  },
  'User Administrator': {
    templateId: 'fe930be7-5e62-47db-91af-98c3a49a38b1',
    description:
      'Can manage all aspects of users and groups, including resetting passwords for limited admins.',
  },
};

/** The role's object id in one tenant. */
export function directoryRoleId(tenantId: string, role: DirectoryRole): string {
  return stableGuid(`directory-role:${tenantId}:${directoryRoles[role].templateId}`);
}

/** Ids of the people who hold a role, in the order of their names. */
export function listRoleHolderIds(directory: Directory, tenantId: string, role: DirectoryRole): string[] {
  return selectAll<{ id: string }>(
    directory,
    `SELECT id FROM users WHERE tenant_id = ? AND deleted_at IS NULL
       AND EXISTS (SELECT 1 FROM json_each(profile, '$.directoryRoles') WHERE value = ?)
     ORDER BY json_extract(profile, '$.displayName') COLLATE NOCASE, id`,
    tenantId,
    role,
  ).map(({ id }) => id);
}
