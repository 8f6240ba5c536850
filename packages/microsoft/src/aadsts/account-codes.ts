import type { AadstsCodes } from './aadsts-entry.ts';

/** Something about the account that shows on the sign-in page, or at a refresh once it is so. */
const account = {
  error: 'invalid_grant',
  httpStatus: 400,
  delivery: 'page',
  nature: 'terminal',
} as const;

const typedWrong = { ...account, whoActs: 'user', nature: 'interaction' } as const;

const tenantRule = {
  ...account,
  error: 'access_denied',
  httpStatus: null,
  whoActs: 'administrator',
} as const;

const checkNameAndPassword = 'Check the user name and the password, and sign in again.';
const inviteAsGuest =
  'Ask an administrator to invite the account as a guest, accept the invitation, or sign in with another account.';
const assignToTheApp =
  'An administrator assigns the person or app under Enterprise applications, the app, Users and groups, or turns "Assignment required" off.';

const wrongUserNameOrPassword = {
  ...typedWrong,
  message: 'Error validating credentials due to invalid username or password.',
  cause: 'The user name or the password is wrong.',
  remedy: checkNameAndPassword,
} as const;

const newPasswordNeeded = {
  ...typedWrong,
  message: 'Sign-in was interrupted because of a password reset or password registration entry.',
  cause: 'The password has ended or was reset, and a new one has to be set.',
  remedy: 'Set a new password, then sign in again.',
} as const;

const restrictedByNetwork = {
  ...tenantRule,
  message:
    "Access to '{tenant}' tenant is denied. Your network administrator restricts which organizations can be accessed.",
  cause: "The company's network lets people sign in to certain organizations only (tenant restrictions).",
  remedy: 'Ask the network administrator to allow this tenant, or sign in from another network.',
} as const;

/** Codes about a person's account: unknown, locked, disabled, password, assignment, guests, tenant restrictions. */
export const accountCodes = {
  userAccountNotFound: {
    ...account,
    code: 50034,
    message:
      'The user account {user} does not exist in the {tenant} directory. To sign into this application, the account must be added to the directory.',
    cause: 'The account is not in this directory: a typing error, another tenant, or it was deleted.',
    whoActs: 'user',
    remedy: 'Check the name and the tenant, or sign in with an account that exists.',
    nature: 'interaction',
  },
  accountLocked: {
    ...account,
    code: 50053,
    message:
      "The account is locked, you've tried to sign in too many times with an incorrect user ID or password.",
    cause: 'Too many wrong passwords, or a sign-in from an address that is considered malicious.',
    whoActs: 'administrator',
    remedy: 'Wait for the lock to end, or let an administrator unblock the account.',
  },
  expiredPassword: {
    ...typedWrong,
    code: 50055,
    suberror: 'user_password_expired',
    message: 'The password is expired.',
    cause: "The account's password has passed its age.",
    remedy: 'Change the password, then sign in again.',
  },
  invalidOrNullPassword: {
    ...typedWrong,
    code: 50056,
    message: 'Invalid or null password: password does not exist in the directory for this user.',
    cause: 'The password is empty, or the account has none here.',
    remedy: checkNameAndPassword,
  },
  userDisabled: {
    ...account,
    code: 50057,
    message: 'The user account is disabled.',
    cause: 'An administrator disabled the account that this connection acts as.',
    whoActs: 'administrator',
    remedy: 'Enable the account, or sign in with another one.',
  },
  loginRequired: {
    ...account,
    code: 50058,
    error: 'login_required',
    delivery: 'redirect',
    message: 'A silent sign-in request was sent but {whom}.',
    cause: 'The app asked without showing a page (prompt=none), and no one was signed in.',
    whoActs: 'user',
    remedy: 'Sign in on the page.',
    nature: 'interaction',
  },
  credentialAuthenticationError: { ...wrongUserNameOrPassword, code: 50064 },
  invalidUserNameOrPassword: { ...wrongUserNameOrPassword, code: 50126 },
  userNotAssignedToApp: {
    ...account,
    code: 50105,
    error: 'access_denied',
    delivery: 'redirect',
    message:
      "Your administrator has configured the application {name} ('{appId}') to block users unless they are specifically granted ('assigned') access to the application. The signed-in user '{user}' is blocked because they are not a direct member of a group with access, nor had access directly assigned by an administrator. Please contact your administrator to assign access to this application.",
    cause: 'The app is open only to people who are assigned to it, and this one is not.',
    whoActs: 'administrator',
    remedy: assignToTheApp,
  },
  appNotAssignedToRole: {
    ...account,
    code: 501051,
    delivery: 'token',
    message:
      "Application '{appId}'({name}) is not assigned to a role for the application '{resource}'({resourceName}).",
    cause: 'The API is open only to apps that hold one of its roles, and this one holds none.',
    whoActs: 'administrator',
    remedy: assignToTheApp,
  },
  socialProviderSignInRequired: {
    ...typedWrong,
    code: 50085,
    message:
      'Refresh token needs social IDP login. Have user try signing-in again with username and password.',
    cause: 'The account belongs to another identity provider, which wants a new sign-in.',
    remedy: 'Sign in again.',
  },
  passwordResetRegistrationRequired: { ...newPasswordNeeded, code: 50125 },
  expiredOnPremisesPassword: { ...newPasswordNeeded, code: 50144 },
  keepMeSignedInInterrupt: {
    ...typedWrong,
    code: 50140,
    httpStatus: null,
    message: "This error occurred due to 'Keep me signed in' interrupt when the user was signing-in.",
    cause: 'The page asks whether to stay signed in. It is a step of the sign-in, not a failure.',
    remedy: 'Answer Yes or No; the sign-in goes on.',
  },
  confirmSignInInterrupt: {
    ...typedWrong,
    code: 50199,
    httpStatus: null,
    message:
      'For security reasons, user confirmation is required for this request. Please repeat the request allowing user interaction.',
    cause: 'The page asks whether this is really the app the person wants to sign in to.',
    remedy: 'Confirm; the sign-in goes on.',
  },
  conflictingIdentities: {
    ...typedWrong,
    code: 50197,
    httpStatus: null,
    message:
      'The user could not be found: the identity in the request conflicts with the one that is signed in.',
    cause: 'Two accounts are signed in and the request does not say which is meant.',
    remedy: 'Sign out of the other account, then sign in again.',
  },
  interactionRequired: {
    ...typedWrong,
    code: 16000,
    error: 'interaction_required',
    message:
      'Either multiple user identities are available for the current request or selected account is not supported for the scenario.',
    cause:
      'The app asked without showing a page (prompt=none), and several accounts are signed in, or one that belongs elsewhere and is no guest here.',
    remedy: 'Sign in on the page and pick an account of this organization; or the app sends a login_hint.',
  },
  guestUserInPendingState: {
    ...typedWrong,
    code: 50014,
    message: "The user's redemption is in a pending state. The guest user account is not fully created yet.",
    cause: 'The person was invited as guest but has not accepted yet.',
    remedy: 'Accept the invitation in the mail, then sign in again.',
  },
  userAccountNotInDirectory: {
    ...typedWrong,
    code: 51004,
    message:
      'The user account {user} does not exist in the {tenant} directory. To sign into this application, the account must be added to the directory.',
    cause: 'The account is not in this directory.',
    remedy: inviteAsGuest,
  },
  externalUserNotInvited: {
    ...typedWrong,
    code: 90072,
    message:
      "User account '{user}' from identity provider '{issuer}' does not exist in tenant '{tenant}' and cannot access the application '{appId}' in that tenant. The account needs to be added as an external user in the tenant first.",
    cause: 'The account comes from outside and was not invited.',
    remedy: inviteAsGuest,
  },
  deniedByTenantRestrictions: { ...restrictedByNetwork, code: 500021 },
  deniedByTenantRestrictionsPolicy: { ...restrictedByNetwork, code: 500022 },
  notAllowedTenant: {
    ...tenantRule,
    code: 50002,
    message: 'Sign-in failed due to restricted proxy access on a tenant.',
    cause: "The company's proxy does not let people sign in to this tenant.",
    remedy: 'Ask the network administrator to allow this tenant, or sign in from another network.',
  },
  domainNotOfAccountType: {
    ...typedWrong,
    code: 500208,
    httpStatus: null,
    message: 'The domain is not a valid login domain for the account type.',
    cause: 'A personal Microsoft account was used where a work or school account is expected.',
    remedy: 'Sign in with your work or school account.',
  },
  notAllowedByOutboundPolicy: {
    ...tenantRule,
    code: 500212,
    message:
      "The user's administrator has set an outbound access policy that doesn't allow access to the resource tenant.",
    cause:
      'The organization that the account belongs to does not let it sign in elsewhere (cross-tenant access).',
    remedy: "An administrator of the account's organization allows outbound access to this tenant.",
  },
  notAllowedByInboundPolicy: {
    ...tenantRule,
    code: 500213,
    message:
      "The resource tenant's cross-tenant access policy doesn't allow this user to access this tenant.",
    cause: 'This organization does not let in accounts of the other one (cross-tenant access).',
    remedy: 'An administrator of this tenant allows inbound access for that organization.',
  },
} as const satisfies AadstsCodes;
