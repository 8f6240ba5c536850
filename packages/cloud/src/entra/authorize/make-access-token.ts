import type { Tenant } from '../../directory/tenants.ts';
import { accessTokenHeader, signJwtAtOnce } from '../../jwt/sign-jwt.ts';
import { userAccessTokenClaims } from '../claims/access-token-claims.ts';
import { assignedRoles } from '../claims/membership-claims.ts';
import { chooseTokenLife } from '../claims/token-life.ts';
import { findClient } from '../clients/find-client.ts';
import { resolveScope } from '../resources/resolve-scope.ts';
import type { Session } from '../stored/sessions.ts';
import { grantedForToken, requireListedResource } from '../token/check-grant.ts';
import { writtenScope } from '../token/issue-user-tokens.ts';
import type { PageVisit } from '../visit/page-visit.ts';
import type { AuthorizationRequest } from './authorization-request.ts';

/** An access token as it goes to the app by the browser, with what the app has to know of it (RFC 6749 §4.2.2). */
export interface BrowserAccessToken {
  access_token: string;
  token_type: 'Bearer';
  expires_in: string;
  scope: string;
}

/**
 * Makes the access token of the implicit grant. No client proved itself, so it says "public client".
 *
 * @throws EntraError 65001 no consent, 650057 an API that the registration of a v1 app does not list
 */
export function makeAccessToken(
  { context, origin, ipAddress }: PageVisit,
  { application, version, requestedClaims }: AuthorizationRequest,
  { tenant, session, scope }: { tenant: Tenant; session: Session; scope: string },
): BrowserAccessToken {
  const client = findClient(context.directory, application.appId, tenant);
  if (version === 1) requireListedResource(context, client, tenant, scope);
  const resolved = resolveScope(context, { application, tenant }, scope);
  const scopes = grantedForToken(context, { client, user: session.user, version }, resolved);
  const life = chooseTokenLife(context, tenant);
  const key = context.signingKeys.current;
  const claims = userAccessTokenClaims(
    context,
    {
      tenant,
      application,
      resource: resolved.resource,
      strength: '0',
      capabilities: requestedClaims.capabilities,
      origin,
      life,
    },
    {
      user: session.user,
      scopes,
      roles: assignedRoles(
        context.directory,
        { id: session.user.id, kind: 'User' },
        resolved.resource.principal,
      ),
      signIn: { sessionId: session.id, signedInAt: session.signedInAt, methods: session.methods },
      ipAddress,
      delivery: 'browser',
    },
  );
  return {
    access_token: signJwtAtOnce(key, claims, accessTokenHeader(key, resolved.resource)),
    token_type: 'Bearer',
    expires_in: String(life.expiresInSeconds),
    scope: version === 1 ? scopes.join(' ') : writtenScope(resolved, scopes),
  };
}
