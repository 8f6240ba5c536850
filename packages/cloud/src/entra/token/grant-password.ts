import { authenticateClient } from '../clients/authenticate-client.ts';
import { findApplicationForSignIn } from '../clients/find-client.ts';
import type { EntraContext } from '../entra-context.ts';
import { EntraError } from '../errors/entra-error.ts';
import { requireParameter } from '../http/parse-form.ts';
import { checkPassword } from '../sign-in/check-password.ts';
import { tenantSegment } from '../tenants/resolve-tenant.ts';
import { issueUserTokens, type UserTokens } from './issue-user-tokens.ts';
import { requestedScope } from './requested-scope.ts';
import { requireGrantHolder } from './require-grant-holder.ts';
import type { TokenRequest } from './token-request.ts';

/**
 * The resource owner password grant (RFC 6749 §4.3): no page, so nothing that needs one can be met.
 *
 * @throws EntraError 9001023 on `common` and `consumers`, 50034, 50053, 50055, 50057, 50126, 50144 (see checkPassword),
 * 50076 and the other conditions, 7000218 no credential and no public client, 65001 no consent
 */
export async function grantPassword(context: EntraContext, request: TokenRequest): Promise<UserTokens> {
  const { form, credentials, tenantScope, version } = request;
  if (tenantScope.kind === 'common' || tenantScope.kind === 'consumers') throw new EntraError(9001023);
  const [name, password] = [requireParameter(form, 'username'), requireParameter(form, 'password')];
  const scope = requestedScope(version, form);
  if (scope === undefined) throw new EntraError(900144, { parameter: version === 1 ? 'resource' : 'scope' });
  // Who the client is comes first, so that nobody tries passwords without one.
  const application = findApplicationForSignIn(context.directory, credentials.clientId, tenantScope);
  const strength = authenticateClient(context, request, application, 'by_registration');
  const tenant = tenantScope.kind === 'tenant' ? tenantScope.tenant.displayName : tenantSegment(tenantScope);
  const verdict = checkPassword(context, { name, password, tenant });
  if (!verdict.accepted) throw verdict.refusal;
  const { id: userId, tenantId } = verdict.user;
  if (tenantScope.kind === 'tenant' && tenantScope.tenant.id !== tenantId) {
    throw new EntraError(50034, { user: name, tenant });
  }
  const signedInAt = context.clock.now();
  const signIn = { sessionId: context.random.guid(), signedInAt, methods: ['pwd'] as const };
  const holder = requireGrantHolder(context, {
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
