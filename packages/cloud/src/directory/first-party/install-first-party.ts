import { wellKnownIds } from '@latchkey/microsoft';
import type { ApplicationDocument } from '../application-document.ts';
import { type Application, createApplication, listApplications, updateApplication } from '../applications.ts';
import type { Directory } from '../open-directory.ts';
import {
  createServicePrincipal,
  findServicePrincipalByAppId,
  updateServicePrincipal,
} from '../service-principals.ts';
import { stableGuid } from '../stable-guid.ts';
import { type FirstPartyApplication, firstPartyApplications } from './first-party-applications.ts';
import { microsoftPermissions } from './microsoft-permissions.ts';
import { servicePrincipalNames } from './microsoft-services.ts';

/**
 * Makes Microsoft's own applications, and brings them up to date, so that a directory of an earlier version knows what
 * came since. What a seed gave them besides stays.
 */
export function keepFirstParty(directory: Directory): void {
  const there = new Map(
    listApplications(directory, wellKnownIds.microsoftServicesTenant).map((known) => [known.appId, known]),
  );
  for (const { appId, displayName, document } of firstPartyApplications) {
    const known = there.get(appId);
    if (!known) {
      createApplication(directory, {
        id: stableGuid(`application:${appId}`),
        tenantId: wellKnownIds.microsoftServicesTenant,
        appId,
        displayName,
        createdAt: directory.clock.now(),
        document,
      });
      continue;
    }
    const kept = withAdditions(document, known);
    if (JSON.stringify(known.document) === JSON.stringify(kept)) continue;
    updateApplication(directory, { id: known.id, displayName, document: kept });
  }
}

/** Earlier versions kept in the document what Microsoft publishes, too; that is no addition. */
function withAdditions(
  document: ApplicationDocument,
  { appId, document: known }: Application,
): ApplicationDocument {
  const { oauth2PermissionScopes: scopes } = known.api;
  const uris = known.identifierUris.filter((uri) => !uri.startsWith(appId));
  const published = scopes.length + known.appRoles.length > 0 ? microsoftPermissions(appId) : undefined;
  const ids = new Set([...(published?.scopes ?? []), ...(published?.roles ?? [])].map(({ id }) => id));
  return {
    ...document,
    identifierUris: [...new Set([...document.identifierUris, ...uris])],
    api: { ...document.api, oauth2PermissionScopes: scopes.filter(({ id }) => !ids.has(id)) },
    appRoles: known.appRoles.filter(({ id }) => !ids.has(id)),
  };
}

/** Lets Microsoft's own applications into a tenant, and the services that a seed made. */
export function installFirstParty(directory: Directory, tenantId: string): void {
  for (const application of listApplications(directory, wellKnownIds.microsoftServicesTenant)) {
    installFirstPartyApplication(directory, tenantId, application);
  }
}

/** One application's service principal; what an administrator decided about it stays. */
export function installFirstPartyApplication(
  directory: Directory,
  tenantId: string,
  { appId, displayName, document }: FirstPartyApplication,
): void {
  const published = {
    servicePrincipalNames: servicePrincipalNames(appId, document.identifierUris),
    oauth2PermissionScopes: document.api.oauth2PermissionScopes,
    appRoles: document.appRoles,
  };
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
