import { aadsts } from '@latchkey/microsoft';
import type { CloudContext } from '../../cloud-context.ts';
import { listAssignmentsOfPerson } from '../../directory/app-role-assignments.ts';
import type { Application } from '../../directory/applications.ts';
import type { Directory } from '../../directory/open-directory.ts';
import { findServicePrincipalByAppId } from '../../directory/service-principals.ts';
import { stableGuid } from '../../directory/stable-guid.ts';
import type { Tenant } from '../../directory/tenants.ts';
import { type AccessBlock, userConditions } from '../../directory/user-conditions.ts';
import type { User } from '../../directory/users.ts';
import { EntraError } from '../errors/entra-error.ts';
import { findRequestedResource } from '../resources/resolve-scope.ts';
import type { SignInFacts } from '../stored/sign-in-facts.ts';

/** What a person still has to do, or what keeps them out. */
export type ConditionVerdict =
  | { met: true }
  /** The page can settle it: it asks for the one-time code. */
  | { met: false; refusal: EntraError; settledBy: 'one_time_code' }
  | { met: false; refusal: EntraError; settledBy: 'nothing' };

const codesOfBlocks: Readonly<Record<AccessBlock, number>> = {
  conditional_access: aadsts.blockedByConditionalAccess,
  device_sign_in_required: aadsts.deviceAuthenticationRequired,
  device_not_compliant: aadsts.deviceNotCompliant,
  device_not_joined: aadsts.deviceNotDomainJoined,
  app_not_approved: aadsts.appNotApproved,
  policy_failed: aadsts.conditionalAccessFailed,
  external_challenge_required: aadsts.externalSecurityChallenge,
  second_factor_enrolment_blocked: aadsts.strongAuthEnrollmentBlockedDueToRisk,
  second_factor_enrolment_elsewhere: aadsts.strongAuthEnrollmentBlockedByLocation,
  risky_user: aadsts.userBlockedDueToRisk,
  security_policy: aadsts.blockedBySecurityPolicy,
  suspicious_activity: aadsts.delegatedAdminBlockedDueToSuspiciousActivity,
  security_defaults: aadsts.blockedBySecurityDefaults,
  guest_invitation_pending: aadsts.guestUserInPendingState,
  tenant_restrictions: aadsts.deniedByTenantRestrictions,
};

/** Whether a sign-in is enough for what is asked of this person; at the page, and again at every token. */
export function judgeConditions(
  user: User,
  { methods }: Pick<SignInFacts, 'methods'>,
  facts: Readonly<Record<string, string>>,
): ConditionVerdict {
  const { blockedBy, secondFactor } = userConditions(user);
  if (blockedBy !== null) {
    const refusal = new EntraError(codesOfBlocks[blockedBy], facts, { claims: claimsChallenge(blockedBy) });
    return { met: false, refusal, settledBy: 'nothing' };
  }
  if (secondFactor === 'not_required' || methods.includes('mfa')) return { met: true };
  const code = secondFactor === 'required' ? aadsts.strongAuthRequired : aadsts.strongAuthEnrollmentRequired;
  return {
    met: false,
    refusal: new EntraError(code, facts, { claims: claimsChallenge('second_factor') }),
    settledBy: 'one_time_code',
  };
}

/**
 * The same where no page can be shown.
 *
 * @param scope what is asked, in the words of v2; the refusal names its API
 * @throws EntraError 50076, 50079, and the codes of what blocks access
 */
export function requireConditions(
  context: Pick<CloudContext, 'directory' | 'addresses'>,
  {
    tenant,
    user,
    methods,
    scope,
  }: Pick<SignInFacts, 'methods'> & {
    tenant: Tenant;
    user: User;
    scope: string | null;
  },
): void {
  if (judgeConditions(user, { methods }, {}).met) return;
  const resource = findRequestedResource(context, tenant, scope ?? '');
  const facts = { user: user.userPrincipalName, resource: resource.appId };
  const verdict = judgeConditions(user, { methods }, facts);
  if (!verdict.met) throw verdict.refusal;
}

/** What a client sends back as `claims`, so that the next sign-in meets the policy. */
function claimsChallenge(policy: string): string {
  const capolids = { essential: true, values: [stableGuid(`policy:${policy}`)] };
  return JSON.stringify({ access_token: { capolids } });
}

/**
 * "Assignment required": only people who were assigned to the application sign in to it.
 *
 * @throws EntraError 50105
 */
export function requireAssignment(
  directory: Directory,
  { appId, displayName }: Application,
  tenant: Tenant,
  user: User,
): void {
  const principal = findServicePrincipalByAppId(directory, tenant.id, appId);
  if (!principal?.document.appRoleAssignmentRequired) return;
  if (listAssignmentsOfPerson(directory, user.id, principal.id).length > 0) return;
  throw new EntraError(aadsts.userNotAssignedToApp, {
    appId,
    name: displayName,
    user: user.userPrincipalName,
  });
}
