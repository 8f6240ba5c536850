import { aadsts } from '@latchkey/microsoft';
import type { Directory } from '../../../directory/open-directory.ts';
import { findTenant } from '../../../directory/tenants.ts';
import { findUserByName } from '../../../directory/users.ts';
import { checkPassword } from '../../accounts/check-password.ts';
import { authenticateClient } from '../../clients/authenticate-client.ts';
import { findApplicationForSignIn } from '../../clients/find-client.ts';
import type { EntraContext } from '../../entra-context.ts';
import { EntraError } from '../../errors/entra-error.ts';
import { requireParameter } from '../../http/require-parameter.ts';
import { requestedScope } from '../../resources/parse-scope.ts';
import { servesTenant, type TenantScope, tenantSegment } from '../../tenants/resolve-tenant.ts';
import { requireHolder } from '../check-grant.ts';
import { issueUserTokens, type UserTokens } from '../issue-user-tokens.ts';
import type { TokenRequest } from '../token-request.ts';

/**
 * The resource owner password grant (RFC 6749 §4.3): no page, so nothing that needs one can be met.
 *
 * @throws EntraError 9001023 on `consumers` and v2's `common`, 50128 a name of no tenant's domain, 50034, 50053, 50055,
 * 50057, 50126, 50144 (see checkPassword), 50076 and the other conditions, 7000218 no credential and no public client,
 * 65001 no consent
 */
export async function grantPassword(context: EntraContext, request: TokenRequest): Promise<UserTokens> {
  const { form, credentials, tenantScope, version } = request;
  const isClosed = tenantScope.kind === 'consumers' || (tenantScope.kind === 'common' && version === 2);
  if (isClosed) throw new EntraError(aadsts.grantNotForCommonOrConsumers);
  const [name, password] = [requireParameter(form, 'username'), requireParameter(form, 'password')];
  const scope = requestedScope(version, form);
  if (scope === undefined)
    throw new EntraError(aadsts.missingParameter, { parameter: version === 1 ? 'resource' : 'scope' });
  // Who the client is comes first, so that nobody tries passwords without one.
  const application = findApplicationForSignIn(context.directory, credentials.clientId, tenantScope);
  const strength = authenticateClient(context, request, application, 'by_registration');
  const tenant = tenantScope.kind === 'tenant' ? tenantScope.tenant.displayName : tenantSegment(tenantScope);
  requireKnownName(context.directory, tenantScope, name);
  const verdict = checkPassword(context, { name, password, tenant });
  if (!verdict.accepted) throw verdict.refusal;
  const { id: userId, tenantId } = verdict.user;
  if (!servesTenant(tenantScope, tenantId))
    throw new EntraError(aadsts.userAccountNotFound, { user: name, tenant });
  const signedInAt = context.clock.now();
  const signIn = { sessionId: context.random.guid(), signedInAt, methods: ['pwd'] as const };
  const holder = requireHolder(context, {
    clientId: application.appId,
    tenantId,
    userId,
    scope,
    ...signIn,
  });
  return issueUserTokens(
    context,
    request,
    {
      ...holder,
      ...signIn,
      strength,
      scope,
      platform: strength === '0' ? 'publicClient' : 'web',
      nonce: undefined,
      endsAt: null,
    },
    () => {},
  );
}

/** Where the name belongs is found out before its password is looked at: by the tenant asked, or by the domain. */
function requireKnownName(directory: Directory, scope: TenantScope, name: string): void {
  if (scope.kind === 'tenant') {
    const user = findUserByName(directory, name);
    if (user?.tenantId !== scope.tenant.id) {
      throw new EntraError(aadsts.userAccountNotFound, { user: name, tenant: scope.tenant.displayName });
    }
    return;
  }
  const domain = name.slice(name.lastIndexOf('@') + 1).trim();
  if (!findTenant(directory, domain)) throw new EntraError(aadsts.invalidDomainName);
}
