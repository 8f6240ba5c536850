import { type Application, findApplicationByAppId } from '../../directory/applications.ts';
import type { Directory } from '../../directory/open-directory.ts';
import { findServicePrincipalByAppId, type ServicePrincipal } from '../../directory/service-principals.ts';
import type { Tenant } from '../../directory/tenants.ts';
import { EntraError } from '../errors/entra-error.ts';
import type { TenantScope } from '../tenants/resolve-tenant.ts';

/** An application as it stands in one tenant. */
export interface Client {
  application: Application;
  /** Its service principal there; missing until somebody consents or an administrator makes it. */
  principal: ServicePrincipal | undefined;
}

/**
 * Finds the client in a tenant.
 *
 * @throws EntraError 700016 when it is unknown there, 7000112 when it was disabled there
 */
export function findClient(directory: Directory, clientId: string, tenant: Tenant): Client {
  const application = findApplicationByAppId(directory, clientId);
  if (!application) throw notFound(clientId, tenant.displayName);
  const principal = findServicePrincipalByAppId(directory, tenant.id, application.appId);
  const isForeign = application.tenantId !== tenant.id;
  if (isForeign && !principal && application.document.signInAudience === 'AzureADMyOrg') {
    throw notFound(clientId, tenant.displayName);
  }
  if (principal && !principal.accountEnabled) {
    throw new EntraError(7000112, { appId: application.appId, name: application.displayName });
  }
  return { application, principal };
}

/**
 * Finds the application that a sign-in names, before it is known who signs in.
 *
 * @throws EntraError 700016 unknown; 7000112 disabled; 50194 single-tenant but asked through `common` or
 * `organizations`; 9002332 not for personal accounts but asked through `consumers`
 */
export function findApplicationForSignIn(
  directory: Directory,
  clientId: string,
  scope: TenantScope,
): Application {
  if (scope.kind === 'tenant') return findClient(directory, clientId, scope.tenant).application;
  const application = findApplicationByAppId(directory, clientId);
  if (!application) throw notFound(clientId, scope.kind);
  const facts = { appId: application.appId, name: application.displayName };
  const audience = application.document.signInAudience;
  if (scope.kind === 'consumers') {
    if (audience === 'AzureADMyOrg' || audience === 'AzureADMultipleOrgs') {
      throw new EntraError(9002332, facts);
    }
  } else if (audience === 'AzureADMyOrg') {
    throw new EntraError(50194, facts);
  }
  return application;
}

function notFound(appId: string, tenant: string): EntraError {
  return new EntraError(700016, { appId, tenant });
}
