import { aadsts } from '@latchkey/microsoft';
import type { Application } from '../../directory/applications.ts';
import type { Directory } from '../../directory/open-directory.ts';
import { allowsPersonalAccounts, isPersonalTenant } from '../../directory/personal-accounts.ts';
import { findTenant, type Tenant } from '../../directory/tenants.ts';
import type { User } from '../../directory/users.ts';
import { EntraError } from '../errors/entra-error.ts';
import type { EndpointVersion } from '../errors/present-error.ts';
import { identityProvider, type TenantScope } from '../tenants/resolve-tenant.ts';

export type AccountVerdict =
  | { accepted: true; tenant: Tenant }
  /** `facts` fill the sentence of whatever is said where no page can be shown. */
  | { accepted: false; refusal: EntraError; facts: Readonly<Record<string, string>> };

/**
 * Whether an account may sign in through this tenant to this application; if so, its home tenant.
 *
 * Refusals: 50020 an account from elsewhere; 500208 a personal account where work is expected, or the other way round;
 * 500201 a personal account at v1.
 */
export function checkAccount(
  directory: Directory,
  user: User,
  scope: TenantScope,
  { application, version }: { application: Application; version: EndpointVersion },
): AccountVerdict {
  const tenant = findTenant(directory, user.tenantId);
  if (!tenant) return refuse(aadsts.domainNotOfAccountType);
  if (scope.kind === 'tenant') {
    if (scope.tenant.id === tenant.id) return { accepted: true, tenant };
    return refuse(aadsts.externalUserNotInTenant, {
      user: user.userPrincipalName,
      issuer: identityProvider(tenant),
      tenant: scope.tenant.displayName,
      appId: application.appId,
      name: application.displayName,
    });
  }
  const isPersonal = isPersonalTenant(tenant);
  const isExpected = isPersonal
    ? scope.kind !== 'organizations' && allowsPersonalAccounts(application)
    : scope.kind !== 'consumers';
  if (!isExpected) return refuse(aadsts.domainNotOfAccountType);
  if (isPersonal && version === 1) return refuse(aadsts.apiVersionNotForPersonalAccount);
  return { accepted: true, tenant };
}

function refuse(code: number, facts: Readonly<Record<string, string>> = {}): AccountVerdict {
  return { accepted: false, refusal: new EntraError(code, facts), facts };
}
