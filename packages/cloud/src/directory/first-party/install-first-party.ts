import { wellKnownIds } from '@latchkey/microsoft';
import { createApplication, findApplicationByAppId, updateApplication } from '../applications.ts';
import type { Directory } from '../open-directory.ts';
import {
  createServicePrincipal,
  findServicePrincipalByAppId,
  updateServicePrincipal,
} from '../service-principals.ts';
import { stableGuid } from '../stable-guid.ts';
import { type FirstPartyApplication, firstPartyApplications } from './first-party-applications.ts';

/**
 * Lets Microsoft's own applications into a tenant. Adds what is missing and brings their permissions up to date, so
 * that a directory of an earlier version knows what came since.
 */
export function installFirstParty(directory: Directory, tenantId: string): void {
  for (const application of firstPartyApplications) {
    keepApplication(directory, application);
    installFirstPartyApplication(directory, tenantId, application);
  }
}

function keepApplication(
  directory: Directory,
  { appId, displayName, document }: FirstPartyApplication,
): void {
  const known = findApplicationByAppId(directory, appId);
  if (!known) {
    createApplication(directory, {
      id: stableGuid(`application:${appId}`),
      tenantId: wellKnownIds.microsoftServicesTenant,
      appId,
      displayName,
      createdAt: directory.clock.now(),
      document,
    });
  } else if (JSON.stringify(known.document) !== JSON.stringify(document)) {
    updateApplication(directory, { id: known.id, displayName, document });
  }
}

/** One application's service principal; what an administrator decided about it stays. */
export function installFirstPartyApplication(
  directory: Directory,
  tenantId: string,
  { appId, displayName, document, servicePrincipalNames }: FirstPartyApplication,
): void {
  const { appRoles, api } = document;
  const published = { servicePrincipalNames, oauth2PermissionScopes: api.oauth2PermissionScopes, appRoles };
  const known = findServicePrincipalByAppId(directory, tenantId, appId);
  if (!known) {
    createServicePrincipal(directory, {
      id: stableGuid(`principal:${tenantId}:${appId}`),
      tenantId,
      appId,
      displayName,
      accountEnabled: true,
      document: {
        createdAt: directory.clock.now(),
        appOwnerOrganizationId: wellKnownIds.microsoftServicesTenant,
        ...published,
        tags: [],
      },
    });
    return;
  }
  const updated = { ...known.document, ...published };
  if (JSON.stringify(updated) === JSON.stringify(known.document)) return;
  updateServicePrincipal(directory, { ...known, document: updated });
}
