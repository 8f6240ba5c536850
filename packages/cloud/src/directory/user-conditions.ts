import { isFlag, isText, objectOf, oneOf, optional, orNull } from '../ground/read-row.ts';

/** What may keep a person out, by policy or by where they sign in from. */
export const accessBlocks = [
  'conditional_access',
  'device_sign_in_required',
  'device_not_compliant',
  'device_not_joined',
  'app_not_approved',
  'policy_failed',
  'external_challenge_required',
  'second_factor_enrolment_blocked',
  'second_factor_enrolment_elsewhere',
  'risky_user',
  'security_policy',
  'suspicious_activity',
  'security_defaults',
  'guest_invitation_pending',
  'tenant_restrictions',
] as const;

/** What of Conditional Access, Identity Protection or the tenants' agreements keeps a person out; null: nothing. */
export type AccessBlock = (typeof accessBlocks)[number];

/** What stands between a person and a token, beside the switch that enables the account. */
export interface UserConditions {
  /** Locked by an administrator; ten wrong passwords lock for a while by themselves. */
  isLocked: boolean;
  /** `expired` and `must_change`: a new password has to be set on the page. */
  password: 'good' | 'expired' | 'must_change';
  /** `unregistered`: required, and to be set up first. */
  secondFactor: 'not_required' | 'required' | 'unregistered';
  /** The one-time code that the sign-in page takes; the same always, as nobody here has an authenticator app. */
  oneTimeCode: string;
  blockedBy: AccessBlock | null;
}

/** What is kept of it: what differs from the usual. */
export const userConditionsSchema = objectOf<Partial<UserConditions>>({
  isLocked: optional(isFlag),
  password: optional(oneOf('good', 'expired', 'must_change')),
  secondFactor: optional(oneOf('not_required', 'required', 'unregistered')),
  oneTimeCode: optional(isText),
  blockedBy: optional(orNull(oneOf(...accessBlocks))),
});

/** The one-time code of everybody who was given no other. It is for development and is printed at the start. */
export const seededOneTimeCode = '123456';

const noConditions: UserConditions = {
  isLocked: false,
  password: 'good',
  secondFactor: 'not_required',
  oneTimeCode: seededOneTimeCode,
  blockedBy: null,
};

/** Everything that stands in a person's way, from what is kept of it. */
export function userConditions({ conditions }: { conditions?: Partial<UserConditions> }): UserConditions {
  return { ...noConditions, ...conditions };
}
