import { aadsts, isGuid } from '@latchkey/microsoft';
import { type Application, findApplicationByAppId } from '../../directory/applications.ts';
import type { Directory } from '../../directory/open-directory.ts';
import { allowsPersonalAccounts, isPersonalTenant } from '../../directory/personal-accounts.ts';
import { findServicePrincipalByAppId, type ServicePrincipal } from '../../directory/service-principals.ts';
import type { Tenant } from '../../directory/tenants.ts';
import { EntraError } from '../errors/entra-error.ts';
import type { TenantScope } from '../tenants/resolve-tenant.ts';

const zeroGuid = /^[0-]+$/;

/** An application as it stands in one tenant. */
export interface Client {
  application: Application;
  /** Its service principal there; missing until somebody consents or an administrator makes it. */
  principal: ServicePrincipal | undefined;
}

/**
 * Finds the client in a tenant.
 *
 * @throws EntraError 700016 when it is unknown there, 700038 when its id is none, 7000112 when it was disabled there, 9002331 when it is for
 * personal accounts only, 9002332 when it is not for them and they are asked for
 */
export function findClient(directory: Directory, clientId: string, tenant: Tenant): Client {
  const application = findApplicationByAppId(directory, clientId);
  if (!application) throw unknownClient(clientId, tenant.displayName);
  requireAudience(application, isPersonalTenant(tenant) ? 'personal' : 'work_or_school');
  const principal = findServicePrincipalByAppId(directory, tenant.id, application.appId);
  const isForeign = application.tenantId !== tenant.id;
  if (isForeign && !principal && application.document.signInAudience === 'AzureADMyOrg') {
    throw unknownClient(clientId, tenant.displayName);
  }
  if (principal && !principal.accountEnabled) {
    throw new EntraError(aadsts.disabledClient, { appId: application.appId, name: application.displayName });
  }
  return { application, principal };
}

/**
 * Finds the application that a sign-in names, before it is known who signs in.
 *
 * @throws EntraError 700016 unknown; 700038 no client id; 7000112 disabled; 50194 single-tenant but asked through `common` or
 * `organizations`; 9002332 not for personal accounts but asked through `consumers`; 9002331 for personal accounts only
 * but asked through anything else
 */
export function findApplicationForSignIn(
  directory: Directory,
  clientId: string,
  scope: TenantScope,
): Application {
  if (scope.kind === 'tenant') return findClient(directory, clientId, scope.tenant).application;
  const application = findApplicationByAppId(directory, clientId);
  if (!application) throw unknownClient(clientId, scope.kind);
  requireAudience(application, scope.kind === 'consumers' ? 'personal' : 'work_or_school');
  if (scope.kind !== 'consumers' && application.document.signInAudience === 'AzureADMyOrg') {
    throw new EntraError(aadsts.clientNotMultitenant, {
      appId: application.appId,
      name: application.displayName,
    });
  }
  return application;
}

/** An application for personal accounts alone is asked through `consumers` alone, `common` does not do. */
function requireAudience(application: Application, accounts: 'personal' | 'work_or_school'): void {
  const facts = { appId: application.appId, name: application.displayName };
  if (accounts === 'personal' && !allowsPersonalAccounts(application))
    throw new EntraError(aadsts.clientForWorkAccountsOnly, facts);
  if (accounts === 'work_or_school' && application.document.signInAudience === 'PersonalMicrosoftAccount') {
    throw new EntraError(aadsts.clientForPersonalAccountsOnly, facts);
  }
}

/** 700016, or 700038 for what can be no client's id: the zero GUID, and text that is no GUID. */
export function unknownClient(appId: string, tenant: string): EntraError {
  if (!isGuid(appId) || zeroGuid.test(appId))
    return new EntraError(aadsts.invalidClientIdentifier, { appId });
  return new EntraError(aadsts.unknownClient, { appId, tenant });
}
