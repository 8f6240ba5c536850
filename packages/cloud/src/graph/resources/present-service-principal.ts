import { emptyApplicationDocument } from '../../directory/application-document.ts';
import { findApplicationByAppId } from '../../directory/applications.ts';
import { offeredRoles, offeredScopes } from '../../directory/offered-permissions.ts';
import type { Directory } from '../../directory/open-directory.ts';
import type { ServicePrincipal } from '../../directory/service-principals.ts';
import type { GraphResource } from '../operation/graph-operation.ts';
import { presentSecond } from '../operation/present-moment.ts';
import { presentProperties, toResourceType } from '../operation/property-table.ts';
import { presentClientSecret, presentKeyCredential } from './present-credentials.ts';
import { servicePrincipalProperties } from './service-principal-properties.ts';

const withoutApplication = emptyApplicationDocument(null);

/** Microsoft Graph's `servicePrincipal` resource; addresses and texts come from its application. */
export function presentServicePrincipal(directory: Directory, principal: ServicePrincipal): GraphResource {
  const { id, appId, displayName, accountEnabled, document: own } = principal;
  const application = findApplicationByAppId(directory, appId);
  const document = application?.document ?? withoutApplication;
  return presentProperties(servicePrincipalProperties, {
    ...own.properties,
    id,
    appId,
    displayName,
    accountEnabled,
    appDisplayName: application?.displayName ?? displayName,
    appDescription: document.description,
    appOwnerOrganizationId: own.appOwnerOrganizationId,
    appRoleAssignmentRequired: own.appRoleAssignmentRequired,
    createdDateTime: presentSecond(own.createdAt ?? null),
    homepage: document.web.homePageUrl,
    logoutUrl: document.web.logoutUrl,
    replyUrls: [
      ...document.web.redirectUris,
      ...document.spa.redirectUris,
      ...document.publicClient.redirectUris,
    ],
    servicePrincipalNames: own.servicePrincipalNames,
    signInAudience: document.signInAudience,
    tags: [...new Set([...own.tags, ...document.tags])],
    appRoles: offeredRoles(principal),
    info: document.info,
    keyCredentials: (own.keyCredentials ?? []).map(presentKeyCredential),
    oauth2PermissionScopes: offeredScopes(principal),
    passwordCredentials: (own.secrets ?? []).map(presentClientSecret),
  });
}

export const servicePrincipalType = toResourceType('servicePrincipal', servicePrincipalProperties, {
  searchable: ['displayName', 'appId'],
});
