import type { KeyCredential } from '../../directory/application-document.ts';
import { listStoredSecrets, type StoredClientSecret } from '../../directory/client-secrets.ts';
import type { Directory } from '../../directory/open-directory.ts';
import { findServicePrincipalByAppId, type ServicePrincipal } from '../../directory/service-principals.ts';
import type { TenantScope } from '../tenants/resolve-tenant.ts';
import type { Client } from './find-client.ts';

/** The secrets by which a client proves itself: its application's, and its service principal's in the tenant. */
export function secretsOfClient(
  directory: Directory,
  { application, principal }: Client,
): StoredClientSecret[] {
  return [...listStoredSecrets(directory, application.id), ...(principal?.document.secrets ?? [])];
}

/** The certificates by which a client proves itself, from the same two places. */
export function certificatesOfClient({ application, principal }: Client): KeyCredential[] {
  return [...application.document.keyCredentials, ...(principal?.document.keyCredentials ?? [])];
}

/** A client's service principal in the tenant that is asked; `common` and its like are no tenant. */
export function principalInScope(
  directory: Directory,
  appId: string,
  scope: TenantScope,
): ServicePrincipal | undefined {
  return scope.kind === 'tenant' ? findServicePrincipalByAppId(directory, scope.tenant.id, appId) : undefined;
}
