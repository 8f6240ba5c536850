import type { Tenant } from '../../directory/tenants.ts';
import { signJwtAtOnce } from '../../jwt/sign-jwt.ts';
import { idTokenClaimsV1, idTokenClaimsV2 } from '../claims/id-token-claims.ts';
import { assignedRoles, membershipClaims } from '../claims/membership-claims.ts';
import { chooseTokenLife } from '../claims/token-life.ts';
import { findClient } from '../clients/find-client.ts';
import { parseScope } from '../resources/parse-scope.ts';
import type { Session } from '../stored/sessions.ts';
import type { PageVisit } from '../visit/page-visit.ts';
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
