import type { OfferedApi } from './find-api.ts';

/** A permission that an API offers, delegated (`Scope`) or application (`Role`). */
export interface OfferedPermission {
  id: string;
  type: 'Scope' | 'Role';
  value: string;
  title: string;
  description: string;
  needsAdministrator: boolean;
}

/** What an API offers to applications: its enabled scopes, then its enabled application roles. */
export function offeredPermissions({ document }: Pick<OfferedApi, 'document'>): OfferedPermission[] {
  const scopes = document.oauth2PermissionScopes
    .filter((scope) => scope.isEnabled)
    .map(
      (scope): OfferedPermission => ({
        id: scope.id,
        type: 'Scope',
        value: scope.value,
        title: scope.adminConsentDisplayName,
        description: scope.adminConsentDescription,
        needsAdministrator: scope.type === 'Admin',
      }),
    );
  const roles = document.appRoles
    .filter((role) => role.isEnabled && role.allowedMemberTypes.includes('Application'))
    .map(
      (role): OfferedPermission => ({
        id: role.id,
        type: 'Role',
        value: role.value,
        title: role.displayName,
        description: role.description,
        needsAdministrator: true,
      }),
    );
  return [...scopes, ...roles];
}
