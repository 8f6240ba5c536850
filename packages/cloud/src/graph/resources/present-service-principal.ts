import { emptyApplicationDocument } from '../../directory/application-document.ts';
import { type Application, findApplicationByAppId } from '../../directory/applications.ts';
import { offeredRoles, offeredScopes } from '../../directory/offered-permissions.ts';
import type { Directory } from '../../directory/open-directory.ts';
import type { ServicePrincipal } from '../../directory/service-principals.ts';
import type { GraphResource } from '../operation/graph-operation.ts';
import type { ResourceType } from '../operation/resource-type.ts';
import { noVerifiedPublisher } from './present-application.ts';
import { presentClientSecret, presentKeyCredential } from './present-credentials.ts';

/** Microsoft Graph's `servicePrincipal` resource; addresses and texts come from its application. */
export function presentServicePrincipal(directory: Directory, principal: ServicePrincipal): GraphResource {
  return toResource(principal, findApplicationByAppId(directory, principal.appId));
}

function toResource(principal: ServicePrincipal, application: Application | undefined): GraphResource {
  const document = application?.document ?? emptyApplicationDocument(null);
  return {
    id: principal.id,
    deletedDateTime: null,
    accountEnabled: principal.accountEnabled,
    appId: principal.appId,
    applicationTemplateId: null,
    appDisplayName: application?.displayName ?? principal.displayName,
    appDescription: document.description,
    appOwnerOrganizationId: principal.document.appOwnerOrganizationId,
    appRoleAssignmentRequired: principal.document.appRoleAssignmentRequired ?? false,
    displayName: principal.displayName,
    homepage: document.web.homePageUrl,
    loginUrl: null,
    logoutUrl: document.web.logoutUrl,
    notificationEmailAddresses: [],
    preferredSingleSignOnMode: null,
    replyUrls: [
      ...document.web.redirectUris,
      ...document.spa.redirectUris,
      ...document.publicClient.redirectUris,
    ],
    servicePrincipalNames: principal.document.servicePrincipalNames,
    servicePrincipalType: 'Application',
    signInAudience: document.signInAudience,
    tags: principal.document.tags,
    addIns: [],
    appRoles: offeredRoles(principal),
    info: document.info,
    keyCredentials: (principal.document.keyCredentials ?? []).map(presentKeyCredential),
    oauth2PermissionScopes: offeredScopes(principal),
    passwordCredentials: (principal.document.secrets ?? []).map(presentClientSecret),
    verifiedPublisher: noVerifiedPublisher,
  };
}

export const servicePrincipalType: ResourceType = {
  name: 'servicePrincipal',
  searchable: ['displayName', 'appId'],
  properties: Object.keys(
    toResource(
      {
        id: '',
        tenantId: '',
        appId: '',
        displayName: '',
        accountEnabled: true,
        document: {
          appOwnerOrganizationId: '',
          servicePrincipalNames: [],
          oauth2PermissionScopes: [],
          appRoles: [],
          tags: [],
        },
      },
      undefined,
    ),
  ),
};
