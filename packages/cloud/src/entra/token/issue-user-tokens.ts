import type { RedirectPlatform } from '../../directory/match-redirect-uri.ts';
import type { Tenant } from '../../directory/tenants.ts';
import type { User } from '../../directory/users.ts';
import { accessTokenHeader, signJwt } from '../../jwt/sign-jwt.ts';
import { type ClientStrength, userAccessTokenClaims } from '../claims/access-token-claims.ts';
import { clientInfo, idTokenClaimsV1, idTokenClaimsV2, unsignedIdToken } from '../claims/id-token-claims.ts';
import { assignedRoles, membershipClaims } from '../claims/membership-claims.ts';
import { noRequestedClaims, readRequestedClaims } from '../claims/requested-claims.ts';
import { chooseTokenLife, type TokenLife } from '../claims/token-life.ts';
import type { Client } from '../clients/find-client.ts';
import type { EntraContext } from '../entra-context.ts';
import { type ResolvedScope, resolveScope } from '../resources/resolve-scope.ts';
import type { RequestedClaims } from '../stored/authorization-codes.ts';
import { createRefreshToken } from '../stored/refresh-tokens.ts';
import type { SignInFacts } from '../stored/sign-in-facts.ts';
import { grantedForToken } from './check-grant.ts';
import type { TokenRequest } from './token-request.ts';

/** A grant that was found good: who gets a token, as whom, and for what. */
export interface AcceptedGrant extends SignInFacts {
  client: Client;
  strength: ClientStrength;
  tenant: Tenant;
  user: User;
  /** In the words of v2. */
  scope: string;
  /** Whether the sign-in was an OpenID Connect one; decides whether v1's id token is signed. */
  isOpenId?: boolean | undefined;
  platform: RedirectPlatform;
  /** That of the refresh token that was redeemed; a sign-in begins another. */
  familyId?: string | undefined;
  nonce: string | undefined;
  /** Those of the authorization request; a token request's own come first. */
  requestedClaims?: RequestedClaims | undefined;
  /** When the refresh tokens of this sign-in end for good; null: never by age. */
  endsAt: number | null;
}

/** Access token, and refresh and id token where they belong, in the shape of the endpoint that was called. */
export type UserTokens = Readonly<Record<string, string | number>>;

/**
 * Issues the tokens of a person's grant. `commit` uses up the grant and is called when nothing can fail any more;
 * with it the refresh token is stored, both or neither.
 *
 * @throws EntraError 65001 no consent, 500011 unknown API, 90013 unreadable `claims`, and what `commit` throws
 */
export async function issueUserTokens(
  context: EntraContext,
  request: TokenRequest,
  grant: AcceptedGrant,
  commit: () => void,
): Promise<UserTokens> {
  const resolved = resolveScope(
    context,
    { application: grant.client.application, tenant: grant.tenant },
    grant.scope,
  );
  const scopes = grantedForToken(context, { ...grant, version: request.version }, resolved);
  const claims = request.form.get('claims');
  const requestedClaims =
    claims === undefined ? (grant.requestedClaims ?? noRequestedClaims) : readRequestedClaims(claims);
  const life = chooseTokenLife(context, grant.tenant);
  const { application, principal } = grant.client;
  const { directory } = context;
  const person = { id: grant.user.id, kind: 'User' } as const;
  const refreshToken = directory.transaction(() => {
    commit();
    return wantsRefreshToken(request, resolved) ? storeRefreshToken(context, grant) : undefined;
  });
  const accessToken = await signJwt(
    context.signingKeys.current,
    userAccessTokenClaims(
      context,
      {
        tenant: grant.tenant,
        application,
        resource: resolved.resource,
        strength: grant.strength,
        capabilities: requestedClaims.capabilities,
        origin: request.origin,
        life,
      },
      {
        user: grant.user,
        scopes,
        roles: assignedRoles(directory, person, resolved.resource.principal),
        signIn: grant,
        ipAddress: request.ipAddress,
      },
    ),
    accessTokenHeader(context.signingKeys.current, resolved.resource),
  );
  const tokens = { accessToken, refreshToken };
  const idFacts = {
    ...grant,
    application,
    roles: assignedRoles(directory, person, principal),
    memberships: membershipClaims(
      directory,
      grant.user,
      application.document.groupMembershipClaims,
      'token_endpoint',
    ),
    ipAddress: request.ipAddress,
    requestedClaims: requestedClaims.idToken,
    life,
    origin: request.origin,
  };
  if (request.version === 1) {
    return presentTokensV1(resolved, scopes, life, {
      ...tokens,
      idToken: await makeIdTokenV1(context, grant, idTokenClaimsV1(idFacts)),
    });
  }
  const idToken = resolved.signIn.has('openid')
    ? await signJwt(
        context.signingKeys.current,
        idTokenClaimsV2(context, { ...idFacts, signIn: resolved.signIn }),
      )
    : undefined;
  return presentTokensV2(
    resolved,
    scopes,
    life,
    { ...tokens, idToken },
    request.form.get('client_info') === '1' ? grant.user : undefined,
  );
}

// v1 signs for web apps that signed the person in by OpenID Connect: passport-azure-ad demands it. Plain OAuth 2.0
// requests and public clients get theirs unsigned, as documented.
async function makeIdTokenV1(
  { signingKeys }: Pick<EntraContext, 'signingKeys'>,
  { isOpenId, strength }: AcceptedGrant,
  claims: object,
): Promise<string> {
  const key = signingKeys.current;
  return isOpenId && strength !== '0' ? signJwt(key, claims, { x5t: key.kid }) : unsignedIdToken(claims);
}

interface IssuedTokens {
  accessToken: string;
  refreshToken: string | undefined;
  idToken: string | undefined;
}

// Every number of v1 is a string.
function presentTokensV1(
  { resource }: ResolvedScope,
  scopes: readonly string[],
  life: TokenLife,
  tokens: IssuedTokens,
): UserTokens {
  return {
    token_type: 'Bearer',
    scope: scopes.join(' '),
    expires_in: String(life.expiresInSeconds),
    ext_expires_in: String(life.expiresInSeconds),
    expires_on: String(life.expiresOn),
    not_before: String(life.notBefore),
    resource: resource.audience,
    access_token: tokens.accessToken,
    ...(tokens.refreshToken && { refresh_token: tokens.refreshToken }),
    ...(tokens.idToken && { id_token: tokens.idToken }),
  };
}

function presentTokensV2(
  resolved: ResolvedScope,
  scopes: readonly string[],
  life: TokenLife,
  tokens: IssuedTokens,
  /** Who signed in, where the client wants to be told (`client_info=1`). */
  told: User | undefined,
): UserTokens {
  return {
    token_type: 'Bearer',
    scope: writtenScope(resolved, scopes),
    expires_in: life.expiresInSeconds,
    ext_expires_in: life.expiresInSeconds,
    access_token: tokens.accessToken,
    ...(tokens.refreshToken && { refresh_token: tokens.refreshToken }),
    ...(tokens.idToken && { id_token: tokens.idToken }),
    ...(told && { client_info: clientInfo(told) }),
  };
}

/** Clients look tokens up by the scopes they asked for, so those come back as they were written. */
export function writtenScope({ written }: ResolvedScope, scopes: readonly string[]): string {
  const [first] = written;
  const prefix = first ? first.text.slice(0, first.text.length - first.value.length) : '';
  const signIn = new Set(['openid', 'profile', 'email']);
  const qualified = scopes.map((scope) => (signIn.has(scope) ? scope : `${prefix}${scope}`));
  const known = new Set(qualified.map((scope) => scope.toLowerCase()));
  const asked = written.map((item) => item.text).filter((text) => !known.has(text.toLowerCase()));
  return [...qualified, ...asked].join(' ');
}

function wantsRefreshToken({ version }: TokenRequest, { signIn }: ResolvedScope): boolean {
  return version === 1 || signIn.has('offline_access');
}

function storeRefreshToken(context: EntraContext, grant: AcceptedGrant): string {
  const { client, tenant, user, sessionId, signedInAt, methods, scope, isOpenId, platform, endsAt } = grant;
  const familyId = grant.familyId ?? context.random.guid();
  return createRefreshToken(context, {
    clientId: client.application.appId,
    tenantId: tenant.id,
    userId: user.id,
    sessionId,
    signedInAt,
    methods,
    scope,
    isOpenId,
    platform,
    familyId,
    endsAt,
  });
}
