import { findApplicationByAppId } from '../../directory/applications.ts';
import { findServicePrincipalByAppId, type ServicePrincipal } from '../../directory/service-principals.ts';
import { resourceNotFound } from '../../graph/errors/graph-error.ts';
import type { PortalVisit } from '../visit/portal-visit.ts';

/** What offers permissions: a service that the directory has, or an application of its own. */
export interface OfferedApi {
  appId: string;
  displayName: string;
  document: Pick<ServicePrincipal['document'], 'oauth2PermissionScopes' | 'appRoles'>;
}

/** The API with a client id. @throws GraphError 404 when the person's directory has none */
export function findApi(
  { context: { directory }, session: { tenant } }: PortalVisit,
  appId: string,
): OfferedApi {
  const principal = findServicePrincipalByAppId(directory, tenant.id, appId);
  if (principal) return principal;
  const application = findApplicationByAppId(directory, appId);
  if (application?.tenantId !== tenant.id) throw resourceNotFound(appId);
  const { displayName, document } = application;
  const { api, appRoles } = document;
  const { oauth2PermissionScopes } = api;
  return { appId: application.appId, displayName, document: { oauth2PermissionScopes, appRoles } };
}
