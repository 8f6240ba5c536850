import type { Application } from '../../directory/applications.ts';
import type { Directory } from '../../directory/open-directory.ts';
import { findTenant, type Tenant } from '../../directory/tenants.ts';
import type { User } from '../../directory/users.ts';
import { EntraError } from '../errors/entra-error.ts';
import type { TenantScope } from '../tenants/resolve-tenant.ts';

export type AccountVerdict =
  | { accepted: true; tenant: Tenant }
  /** `facts` fill the sentence of whatever is said where no page can be shown. */
  | { accepted: false; refusal: EntraError; facts: Readonly<Record<string, string>> };

/** Whether an account may sign in through this tenant to this application; if so, its home tenant. */
export function checkAccount(
  directory: Directory,
  user: User,
  scope: TenantScope,
  application: Application,
): AccountVerdict {
  const tenant = findTenant(directory, user.tenantId);
  const wantsPersonal =
    scope.kind === 'consumers' || application.document.signInAudience === 'PersonalMicrosoftAccount';
  // There are no personal accounts here: 500208.
  if (wantsPersonal || !tenant) return { accepted: false, refusal: new EntraError(500208), facts: {} };
  if (scope.kind !== 'tenant' || scope.tenant.id === tenant.id) return { accepted: true, tenant };
  const facts = {
    user: user.userPrincipalName,
    issuer: `https://sts.windows.net/${tenant.id}/`,
    tenant: scope.tenant.displayName,
    appId: application.appId,
    name: application.displayName,
  };
  return { accepted: false, refusal: new EntraError(50020, facts), facts };
}
