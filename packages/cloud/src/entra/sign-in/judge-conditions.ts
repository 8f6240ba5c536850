import type { CloudContext } from '../../cloud-context.ts';
import { stableGuid } from '../../directory/stable-guid.ts';
import type { Tenant } from '../../directory/tenants.ts';
import { type AccessBlock, userConditions } from '../../directory/user-conditions.ts';
import type { User } from '../../directory/users.ts';
import { EntraError } from '../errors/entra-error.ts';
import { resolveScope } from '../resources/resolve-scope.ts';
import type { SignInFacts } from './sign-in-facts.ts';

/** What a person still has to do, or what keeps them out. */
export type ConditionVerdict =
  | { met: true }
  /** The page can settle it: it asks for the one-time code. */
  | { met: false; refusal: EntraError; settledBy: 'one_time_code' }
  | { met: false; refusal: EntraError; settledBy: 'nothing' };

const codesOfBlocks: Readonly<Record<AccessBlock, number>> = {
  conditional_access: 53003,
  device_sign_in_required: 50097,
  device_not_compliant: 53000,
  device_not_joined: 53001,
  app_not_approved: 53002,
  policy_failed: 50131,
  external_challenge_required: 50158,
  second_factor_enrolment_blocked: 53004,
  second_factor_enrolment_elsewhere: 53010,
  risky_user: 53011,
  security_policy: 530032,
  suspicious_activity: 530034,
  security_defaults: 530035,
  guest_invitation_pending: 50014,
  tenant_restrictions: 500021,
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
  const code = secondFactor === 'required' ? 50076 : 50079;
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
  const { resource } = resolveScope(context, tenant, scope ?? '');
  const facts = { user: user.userPrincipalName, resource: resource.appId };
  const verdict = judgeConditions(user, { methods }, facts);
  if (!verdict.met) throw verdict.refusal;
}

/** What a client sends back as `claims`, so that the next sign-in meets the policy. */
function claimsChallenge(policy: string): string {
  const capolids = { essential: true, values: [stableGuid(`policy:${policy}`)] };
  return JSON.stringify({ access_token: { capolids } });
}
