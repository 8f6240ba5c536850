import { createAppRoleAssignment } from '../directory/app-role-assignments.ts';
import type { Directory } from '../directory/open-directory.ts';
import { consentToScopes } from '../directory/permission-grants.ts';
import type { ServicePrincipal } from '../directory/service-principals.ts';
import type { Tenant } from '../directory/tenants.ts';
import { findUserByName } from '../directory/users.ts';
import { findApi, roleId, scopeId } from './find-api.ts';
import { SeedError } from './seed-error.ts';
import type { SeedApplication } from './seed-schema.ts';

/** Gives a seeded application the consent and the application permissions that the seed says. @throws SeedError */
export function seedGrants(
  directory: Directory,
  {
    tenant,
    application,
    principal,
  }: {
    tenant: Tenant;
    application: Pick<SeedApplication, 'grants' | 'roles'>;
    principal: ServicePrincipal;
  },
): void {
  for (const { api: name, scopes, user } of application.grants ?? []) {
    const api = findApi(directory, tenant, name);
    for (const scope of scopes) scopeId(api, scope);
    consentToScopes(directory, {
      tenantId: tenant.id,
      clientId: principal.id,
      resourceId: api.id,
      consentType: user === undefined ? 'AllPrincipals' : 'Principal',
      principalId: user === undefined ? null : personId(directory, user),
      scopes,
    });
  }
  for (const { api: name, values } of application.roles ?? []) {
    const api = findApi(directory, tenant, name);
    for (const value of values) {
      createAppRoleAssignment(directory, {
        tenantId: tenant.id,
        appRoleId: roleId(api, value),
        principalId: principal.id,
        principalType: 'ServicePrincipal',
        resourceId: api.id,
      });
    }
  }
}

function personId(directory: Directory, name: string): string {
  const user = findUserByName(directory, name);
  if (!user) throw new SeedError(`Nobody is called '${name}', whom a grant is for.`);
  return user.id;
}
