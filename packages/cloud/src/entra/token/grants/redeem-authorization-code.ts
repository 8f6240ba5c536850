import { createHash, timingSafeEqual } from 'node:crypto';
import { aadsts } from '@latchkey/microsoft';
import type { Application } from '../../../directory/applications.ts';
import type { Tenant } from '../../../directory/tenants.ts';
import type { EntraContext } from '../../entra-context.ts';
import { EntraError } from '../../errors/entra-error.ts';
import { requireParameter } from '../../http/require-parameter.ts';
import { requestedScope, withSignInOf } from '../../resources/parse-scope.ts';
import { type ResolvedScope, resolveScope } from '../../resources/resolve-scope.ts';
import { type CodeGrant, findAuthorizationCode, markCodeRedeemed } from '../../stored/authorization-codes.ts';
import {
  authenticateGrantClient,
  requireGrantOfClient,
  requireHolder,
  requireListedResource,
  requireSameTenant,
} from '../check-grant.ts';
import { issueUserTokens, type UserTokens } from '../issue-user-tokens.ts';
import type { TokenRequest } from '../token-request.ts';

const codeMilliseconds = 600_000;
/** A single page app's refresh tokens end a day after the sign-in, used or not. */
const spaMilliseconds = 86_400_000;
/** An OpenID Connect sign-in of v1 that never names an API gets a token for the userinfo endpoint. */
const signInOnly = 'openid profile offline_access';

/**
 * Redeems an authorization code (RFC 6749 §4.1.3), whichever version's endpoint it was asked at.
 *
 * @throws EntraError 9002313 unknown code, 70000 another client's, 54005 used before, 70008 older than ten minutes,
 * 700005 another tenant's, 500112 other redirect URI, 501481 verifier, 9002326 and 9002327 (SPA), and those of the
 * client, the person and the consent
 */
export async function redeemAuthorizationCode(
  context: EntraContext,
  request: TokenRequest,
): Promise<UserTokens> {
  const { form, tenantScope } = request;
  const now = context.clock.now();
  const stored = findAuthorizationCode(context, requireParameter(form, 'code'));
  requireGrantOfClient(context, request, stored?.grant.clientId);
  if (!stored) throw new EntraError(aadsts.malformedRequest);
  const { grant } = stored;
  const { client, tenant, user } = requireHolder(context, { ...grant, issuedAt: stored.createdAt });
  const strength = authenticateGrantClient(context, request, client.application, grant.platform);
  if (stored.isRedeemed) throw new EntraError(aadsts.codeAlreadyRedeemed);
  if (stored.createdAt + codeMilliseconds <= now) throw new EntraError(aadsts.expiredOrRevokedGrant);
  requireSameTenant(tenantScope, tenant);
  requireSameRedirectUri(grant, form.get('redirect_uri'));
  requireVerifier(grant, form.get('code_verifier'));
  const scope = scopeToRedeem(context, { application: client.application, tenant }, request, grant);
  if (request.version === 1) requireListedResource(context, client, tenant, scope);
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
      nonce: grant.nonce,
      requestedClaims: grant.requestedClaims,
      endsAt: grant.platform === 'spa' ? now + spaMilliseconds : null,
    },
    () => {
      if (!markCodeRedeemed(context, stored.hash)) throw new EntraError(aadsts.codeAlreadyRedeemed);
    },
  );
}

function scopeToRedeem(
  context: EntraContext,
  asker: { application: Application; tenant: Tenant },
  { version, form }: TokenRequest,
  grant: CodeGrant,
): string {
  const asked = requestedScope(version, form);
  if (asked === undefined) {
    if (grant.scope === null) {
      if (version === 1 && grant.isOpenId) return signInOnly;
      if (version === 2) throw new EntraError(aadsts.emptyScopeForAccessToken);
      throw new EntraError(aadsts.missingParameter, { parameter: 'resource' });
    }
    return grant.scope;
  }
  if (grant.scope === null) return asked;
  const [wanted, agreed] = [resolveScope(context, asker, asked), resolveScope(context, asker, grant.scope)];
  // Sign-in scopes alone leave the API to what was asked at the authorize endpoint.
  if (wanted.written.length === 0) return grant.scope;
  if (!isWithin(wanted, agreed)) throw new EntraError(aadsts.invalidGrant);
  return withSignInOf(asked, grant.scope);
}

/** The same API, and nothing that was not asked at the authorize endpoint; `.default` means what was agreed. */
function isWithin(wanted: ResolvedScope, agreed: ResolvedScope): boolean {
  if (wanted.resource.appId !== agreed.resource.appId) return false;
  return (
    wanted.isDefault ||
    agreed.isDefault ||
    wanted.scopes.every((scope) => agreed.scopes.some((other) => other.id === scope.id))
  );
}

function requireSameRedirectUri(grant: CodeGrant, redirectUri: string | undefined): void {
  if (redirectUri === undefined) {
    if (grant.namesRedirectUri) throw new EntraError(aadsts.missingParameter, { parameter: 'redirect_uri' });
    return;
  }
  if (redirectUri !== grant.redirectUri) {
    throw new EntraError(aadsts.redirectUriDiffersAtRedemption, {
      redirectUri,
      requestedRedirectUri: grant.redirectUri,
    });
  }
}

/** RFC 7636 §4.6; a verifier without a challenge is refused too (RFC 9700 §2.1.1). */
function requireVerifier({ challenge }: CodeGrant, verifier: string | undefined): void {
  if (challenge === undefined && verifier === undefined) return;
  if (challenge === undefined || verifier === undefined) throw new EntraError(aadsts.codeVerifierMismatch);
  const given =
    challenge.method === 'S256' ? createHash('sha256').update(verifier).digest('base64url') : verifier;
  const [left, right] = [Buffer.from(given), Buffer.from(challenge.value)];
  if (left.length !== right.length || !timingSafeEqual(left, right))
    throw new EntraError(aadsts.codeVerifierMismatch);
}
