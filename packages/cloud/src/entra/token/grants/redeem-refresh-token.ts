import { aadsts } from '@latchkey/microsoft';
import { tenantPolicy } from '../../../directory/tenant-policy.ts';
import type { User } from '../../../directory/users.ts';
import { millisecondsPerDay } from '../../../ground/durations.ts';
import { checkAccount } from '../../accounts/check-account.ts';
import { type Client, findClient } from '../../clients/find-client.ts';
import type { EntraContext } from '../../entra-context.ts';
import { EntraError } from '../../errors/entra-error.ts';
import { requireParameter } from '../../http/require-parameter.ts';
import { parseScope, requestedScope, withSignInOf } from '../../resources/parse-scope.ts';
import { refuseTokenForItself, resolveScope } from '../../resources/resolve-scope.ts';
import {
  findRefreshToken,
  markRefreshTokenUsed,
  type StoredRefreshToken,
  spendRefreshToken,
  spendRefreshTokenFamily,
} from '../../stored/refresh-tokens.ts';
import {
  authenticateGrantClient,
  requireGrantOfClient,
  requireHolder,
  requireListedResource,
} from '../check-grant.ts';
import { issueUserTokens, type UserTokens } from '../issue-user-tokens.ts';
import type { TokenRequest } from '../token-request.ts';

/** Days without use after which a refresh token ends. */
const idleDays = 90;

/**
 * Redeems a refresh token (RFC 6749 §6): a new one each time, and the old one lives on, unless the tenant's policy has it
 * end: then its second use ends the new one, too, and all that came of it (RFC 9700 §4.14.2). It may ask for another API
 * of the same client.
 *
 * @throws EntraError 9002313 unknown, 70000 another client's or spent by the policy, 50020 a tenant that the person is not in, 90009 no API
 * named though the app itself is one, 700082 idle for 90 days, 700084 (SPA) a day old, and those of the client, the person (50057, 50173) and the consent (65001)
 */
export async function redeemRefreshToken(context: EntraContext, request: TokenRequest): Promise<UserTokens> {
  const { form, version } = request;
  const stored = findRefreshToken(context, requireParameter(form, 'refresh_token'));
  requireGrantOfClient(context, request, stored?.grant.clientId);
  if (!stored) throw new EntraError(aadsts.malformedRequest);
  const { grant } = stored;
  const asked = requestedScope(version, form);
  const scope = asked === undefined ? grant.scope : withSignInOf(asked, grant.scope);
  const { client, tenant, user } = requireHolder(context, {
    ...grant,
    scope,
    issuedAt: stored.issuedAt,
  });
  const strength = authenticateGrantClient(context, request, client.application, grant.platform);
  requireAccountIn(context, request, { client, user });
  requireInUse(stored, context.clock.now());
  const isStrict = tenantPolicy(context.directory, tenant.id).refreshTokenReuse === 'ends_grant';
  if (isStrict && stored.isSpent) {
    if (grant.familyId !== undefined) spendRefreshTokenFamily(context, grant.familyId);
    throw new EntraError(aadsts.invalidGrant);
  }
  const namesApi = asked !== undefined && parseScope(asked).scopes.length > 0;
  if (!namesApi) {
    const { application } = client;
    refuseTokenForItself(application, resolveScope(context, { application, tenant }, grant.scope));
  }
  if (version === 1) requireListedResource(context, client, tenant, scope);
  return issueUserTokens(
    context,
    request,
    {
      client,
      strength,
      tenant,
      user,
      sessionId: grant.sessionId,
      signedInAt: grant.signedInAt,
      methods: grant.methods,
      scope,
      isOpenId: grant.isOpenId,
      platform: grant.platform,
      familyId: grant.familyId,
      nonce: undefined,
      endsAt: grant.endsAt,
    },
    () => {
      markRefreshTokenUsed(context, stored.hash);
      if (isStrict) spendRefreshToken(context, stored.hash);
    },
  );
}

/** A refresh token serves every tenant that the person has an account in; here that is one alone. */
function requireAccountIn(
  { directory }: EntraContext,
  { tenantScope: scope, version }: TokenRequest,
  { client: { application }, user }: { client: Client; user: User },
): void {
  if (scope.kind === 'tenant') findClient(directory, application.appId, scope.tenant);
  const account = checkAccount(directory, user, scope, { application, version });
  if (account.accepted) return;
  throw new EntraError(account.refusal.code, account.facts, { error: 'invalid_grant' });
}

function requireInUse({ grant, issuedAt, lastUsedAt }: StoredRefreshToken, now: number): void {
  const issued = { issuedAt: new Date(issuedAt).toISOString() };
  if (grant.endsAt !== null && grant.endsAt <= now)
    throw new EntraError(aadsts.expiredSinglePageAppToken, issued);
  if (lastUsedAt + idleDays * millisecondsPerDay <= now)
    throw new EntraError(aadsts.inactiveRefreshToken, issued);
}
