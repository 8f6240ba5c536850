import type { AadstsCodes } from './aadsts-entry.ts';

/**
 * Multi-factor authentication and Conditional Access. v1 answers `interaction_required`; v2 answers `invalid_grant`
 * with a `suberror`: `basic_action` where the sign-in page settles it, `additional_action` where something outside it
 * has to be done, `message_only` where the page can only tell the person why not.
 */
const signInSettlesIt = {
  error: 'invalid_grant',
  errorV1: 'interaction_required',
  suberror: 'basic_action',
  httpStatus: 400,
  delivery: 'redirect',
  whoActs: 'user',
  nature: 'interaction',
} as const;

const deviceSettlesIt = { ...signInSettlesIt, suberror: 'additional_action' } as const;

const policyForbids = { ...signInSettlesIt, suberror: 'message_only', whoActs: 'administrator' } as const;

const signInWithSecondFactor = 'Sign in again and complete the multi-factor step.';
const registerSecondFactor = 'Sign in again and set up the security information that the page asks for.';
const useAnAllowedDevice =
  'Sign in from a device that the organization manages, or ask an administrator to exempt this app from the policy.';
const changeThePolicy =
  'An administrator looks up the sign-in in the Entra sign-in logs, tab Conditional Access, and exempts this app or account; or the connection uses client credentials instead of a person.';

const secondFactorNotRegistered = {
  ...policyForbids,
  message:
    'The user needs to complete multi-factor authentication registration before accessing this content, and cannot do so because the sign-in is considered risky or the organization requires this information to be set from specific locations or devices.',
  cause: 'The security information can not be set up from here, or the account is considered at risk.',
  remedy:
    'Set up the security information from a trusted place or device, or let an administrator clear the risk of the account.',
} as const;

/** Codes about multi-factor authentication, devices and Conditional Access. */
export const policyCodes = {
  strongAuthEnrollmentRequiredInterrupt: {
    ...signInSettlesIt,
    code: 50072,
    message:
      "Due to a configuration change made by your administrator, or because you moved to a new location, you must enroll in multi-factor authentication to access '{resource}'.",
    cause: 'The person has to set up multi-factor authentication first.',
    remedy: registerSecondFactor,
  },
  strongAuthRequiredInterrupt: {
    ...signInSettlesIt,
    code: 50074,
    message: 'Strong Authentication is required.',
    cause: 'The sign-in needs a second factor that was not given.',
    remedy: signInWithSecondFactor,
  },
  strongAuthRequired: {
    ...signInSettlesIt,
    code: 50076,
    message:
      "Due to a configuration change made by your administrator, or because you moved to a new location, you must use multi-factor authentication to access '{resource}'.",
    cause: 'A policy of the organization now asks for multi-factor authentication.',
    remedy: signInWithSecondFactor,
  },
  strongAuthExpired: {
    ...signInSettlesIt,
    code: 50078,
    message:
      'Presented multi-factor authentication has expired due to policies configured by your administrator, you must refresh your multi-factor authentication to access {resource}.',
    cause: 'The second factor was given too long ago for the policy.',
    remedy: signInWithSecondFactor,
  },
  strongAuthEnrollmentRequired: {
    ...signInSettlesIt,
    code: 50079,
    message:
      "Due to a configuration change made by your administrator, or because you moved to a new location, you must enroll in multi-factor authentication to access '{resource}'.",
    cause: 'The person has to register for multi-factor authentication.',
    remedy: registerSecondFactor,
  },
  deviceAuthenticationRequired: {
    ...deviceSettlesIt,
    code: 50097,
    message: 'Device authentication is required.',
    cause: 'The organization accepts sign-ins from known devices only.',
    remedy: useAnAllowedDevice,
  },
  conditionalAccessFailed: {
    ...policyForbids,
    code: 50131,
    message:
      'Device is not in required device state or the request was blocked by a conditional access policy.',
    cause: 'A Conditional Access policy did not let the sign-in pass.',
    remedy: changeThePolicy,
  },
  externalSecurityChallenge: {
    ...signInSettlesIt,
    code: 50158,
    message:
      'External security challenge not satisfied. User will be redirected to another page or authentication provider to satisfy additional authentication challenges.',
    cause: 'Another provider has to confirm the sign-in.',
    remedy: 'Sign in again and finish the step on the page of the other provider.',
  },
  deviceNotCompliant: {
    ...deviceSettlesIt,
    code: 53000,
    message:
      'Device is not in required device state: {state}. Conditional Access policy requires a compliant device, and the device is not compliant.',
    cause: "The device does not meet the organization's rules.",
    remedy: useAnAllowedDevice,
  },
  deviceNotDomainJoined: {
    ...deviceSettlesIt,
    code: 53001,
    message:
      'Device is not in required device state: {state}. Conditional Access policy requires a domain joined device, and the device is not domain joined.',
    cause: "The device is not joined to the organization's domain.",
    remedy: useAnAllowedDevice,
  },
  appNotApproved: {
    ...deviceSettlesIt,
    code: 53002,
    message: 'Application used is not an approved application for Conditional Access.',
    cause: 'The organization lets people sign in from approved apps only.',
    remedy: changeThePolicy,
    whoActs: 'administrator',
  },
  blockedByConditionalAccess: {
    ...policyForbids,
    code: 53003,
    message:
      'Access has been blocked by Conditional Access policies. The access policy does not allow token issuance.',
    cause: 'A Conditional Access policy blocks this sign-in: by place, device, app or risk.',
    remedy: changeThePolicy,
  },
  strongAuthEnrollmentBlockedDueToRisk: { ...secondFactorNotRegistered, code: 53004 },
  strongAuthEnrollmentBlockedByLocation: { ...secondFactorNotRegistered, code: 53010 },
  userBlockedDueToRisk: { ...secondFactorNotRegistered, code: 53011 },
  blockedBySecurityPolicy: {
    ...policyForbids,
    code: 530032,
    message: 'Access has been blocked by a security policy of the organization.',
    cause: 'A security policy of the tenant blocks the sign-in.',
    remedy: changeThePolicy,
  },
  delegatedAdminBlockedDueToSuspiciousActivity: {
    ...policyForbids,
    code: 530034,
    message:
      'A delegated administrator was blocked from accessing the tenant due to account risk or suspicious activity.',
    cause: 'The sign-in was considered suspicious.',
    remedy: 'An administrator reviews the risky sign-in, then sign in again.',
  },
  blockedBySecurityDefaults: {
    ...policyForbids,
    code: 530035,
    message:
      'Access has been blocked by security defaults. The request is deemed unsafe by security defaults policies.',
    cause: 'The security defaults of the tenant block this kind of sign-in.',
    remedy:
      'Use a way of signing in that security defaults allow, such as the sign-in page; device code may be blocked.',
  },
} as const satisfies AadstsCodes;
