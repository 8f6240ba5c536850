import type { Tenant } from '../../directory/tenants.ts';
import { signJwtAtOnce } from '../../jwt/sign-jwt.ts';
import { findClient } from '../clients/find-client.ts';
import type { PageVisit } from '../http/page-visit.ts';
import { parseScope } from '../resources/parse-scope.ts';
import type { Session } from '../sign-in/sessions.ts';
import { idTokenClaimsV1, idTokenClaimsV2 } from '../token/id-token.ts';
import { membershipClaims } from '../token/membership-claims.ts';
import { assignedRoles } from '../token/role-claims.ts';
import { chooseTokenLife } from '../token/token-life.ts';
import type { AuthorizationRequest } from './authorization-request.ts';

/** The id token that goes to the app by the browser, bound to what comes beside it; here v1's is signed, too. */
export function makeIdToken(
  { context, origin, ipAddress }: PageVisit,
  request: AuthorizationRequest,
  {
    tenant,
    session,
    code,
    accessToken,
  }: { tenant: Tenant; session: Session; code: string | undefined; accessToken: string | undefined },
): string {
  const { principal } = findClient(context.directory, request.application.appId, tenant);
  const facts = {
    application: request.application,
    roles: assignedRoles(context.directory, { id: session.user.id, kind: 'User' }, principal),
    memberships: membershipClaims(
      context.directory,
      session.user,
      request.application.document.groupMembershipClaims,
      'browser',
    ),
    ipAddress,
    tenant,
    origin,
    user: session.user,
    nonce: request.nonce,
    requestedClaims: request.requestedClaims.idToken,
    code,
    accessToken,
    sessionId: session.id,
    signedInAt: session.signedInAt,
    methods: session.methods,
    life: chooseTokenLife(context, tenant),
  };
  const { signIn } = parseScope(request.scope ?? '');
  const claims =
    request.version === 1 ? idTokenClaimsV1(facts) : idTokenClaimsV2(context, { ...facts, signIn });
  return signJwtAtOnce(context.signingKeys.current, claims);
}
