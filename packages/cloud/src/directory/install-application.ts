import { randomUUID } from 'node:crypto';
import type { Application } from './applications.ts';
import type { Directory } from './open-directory.ts';
import {
  createServicePrincipal,
  findServicePrincipalByAppId,
  type ServicePrincipal,
} from './service-principals.ts';

/** Finds the application's service principal in a tenant, or makes it: the first consent does this. */
export function installApplication(
  directory: Directory,
  tenantId: string,
  application: Application,
): ServicePrincipal {
  const existing = findServicePrincipalByAppId(directory, tenantId, application.appId);
  if (existing) return existing;
  const { document } = application;
  const principal: ServicePrincipal = {
    id: randomUUID(),
    tenantId,
    appId: application.appId,
    displayName: application.displayName,
    accountEnabled: true,
    document: {
      createdAt: directory.clock.now(),
      appOwnerOrganizationId: application.tenantId,
      servicePrincipalNames: [application.appId, ...document.identifierUris],
      oauth2PermissionScopes: document.api.oauth2PermissionScopes,
      appRoles: document.appRoles,
      tags: [],
    },
  };
  createServicePrincipal(directory, principal);
  return principal;
}
