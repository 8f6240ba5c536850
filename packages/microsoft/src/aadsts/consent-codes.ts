import type { AadstsCodes } from './aadsts-entry.ts';

const badRequest = {
  error: 'invalid_request',
  httpStatus: 400,
  delivery: 'redirect',
  whoActs: 'developer',
  nature: 'terminal',
} as const;

const badScope = { ...badRequest, error: 'invalid_scope' } as const;

const resourceRefused = {
  error: 'invalid_resource',
  httpStatus: 400,
  delivery: 'redirect',
  whoActs: 'administrator',
  nature: 'terminal',
} as const;

/** An administrator has to consent; the person sees "Need admin approval" and may go back. */
const adminConsentNeeded = {
  error: 'access_denied',
  httpStatus: null,
  delivery: 'page',
  whoActs: 'administrator',
  nature: 'interaction',
} as const;

const grantAdminConsent =
  'An administrator opens the admin-consent link of this app, or "Grant admin consent" under API permissions of the app registration.';
const addDynamicsPermission =
  'Under API permissions of the app registration add Dynamics CRM, delegated, user_impersonation, and consent to it.';
const checkEnvironmentAndTenant =
  "Check the environment's address, letter for letter, and that it belongs to the tenant that signs in.";

const directoryCallFailed = {
  error: 'temporarily_unavailable',
  httpStatus: 503,
  delivery: 'redirect',
  message: 'A call to the directory failed while reading or writing the permissions.',
  cause: "Microsoft's directory did not answer for a moment.",
  whoActs: 'nobody',
  remedy: 'Nothing; the next try comes by itself.',
  nature: 'transient',
} as const;

const scopeWithoutResource = {
  ...badScope,
  message: "The provided value for the input parameter 'scope' is empty or names no resource.",
  cause: 'The scope is empty or does not say which API it is for.',
  remedy: "Send the environment's origin followed by /user_impersonation or /.default.",
} as const;

/** Codes about consent, the resource and the scope. */
export const consentCodes = {
  consentRequired: {
    code: 65001,
    error: 'invalid_grant',
    suberror: 'consent_required',
    httpStatus: 400,
    delivery: 'redirect',
    message:
      "The user or administrator has not consented to use the application with ID '{appId}' named '{name}'. Send an interactive authorization request for this user and resource.",
    cause: 'Nobody has agreed yet that this app may use the API, or the consent was withdrawn.',
    whoActs: 'user',
    remedy: `Sign in again and accept the permissions. If the page asks for an administrator: ${grantAdminConsent}`,
    nature: 'interaction',
  },
  preauthorizationRequired: {
    ...resourceRefused,
    code: 65002,
    error: 'invalid_client',
    message:
      "Consent between first party application '{appId}' and first party resource '{resource}' must be configured via preauthorization - applications owned and operated by Microsoft must get approval from the API owner before requesting tokens for that API.",
    cause: "A Microsoft-owned client id was used for an API that it isn't cleared for.",
    whoActs: 'developer',
    remedy: 'Use the client id of an app registration of your own.',
  },
  userDeclinedConsent: {
    code: 65004,
    error: 'access_denied',
    httpStatus: null,
    delivery: 'redirect',
    message: 'User declined to consent to access the app.',
    cause: 'The person pressed Cancel on the permissions page.',
    whoActs: 'user',
    remedy: 'Start the sign-in again and press Accept, or let an administrator consent for everyone.',
    nature: 'interaction',
  },
  requiredResourceUnavailable: {
    ...resourceRefused,
    code: 65005,
    message:
      "The application '{name}' asked for permissions to access a resource that has been removed or is no longer available, or that is not in its required resource access list.",
    cause: "The API is not among the app registration's permissions.",
    remedy: addDynamicsPermission,
  },
  organizationLacksServicePrincipal: {
    ...resourceRefused,
    code: 650052,
    error: 'invalid_client',
    message:
      "The app is trying to access a service '{resource}'({name}) that your organization '{tenant}' lacks a service principal for. Contact your IT Admin to review the configuration of your service subscriptions or consent to the application in order to create the required service principal.",
    cause: 'The organization has never had this service; for Dynamics 365, it has no Dataverse licence.',
    remedy:
      'Buy or enable the service (a Dynamics 365 or Power Apps plan with Dataverse), or sign in to the tenant that has it.',
  },
  scopeNotOnResource: {
    ...resourceRefused,
    code: 650053,
    error: 'invalid_client',
    message:
      "The application '{name}' asked for scope '{scope}' that doesn't exist on the resource '{resource}'. Contact the app vendor.",
    cause: 'The API has no permission of this name: it is misspelt, or it belongs to another API.',
    whoActs: 'developer',
    remedy:
      "Ask for a permission that the API lists; of Dynamics 365, the environment's origin followed by /user_impersonation or /.default.",
  },
  requestedResourceRemoved: {
    ...resourceRefused,
    code: 650054,
    message:
      "The application '{name}' asked for permissions to access a resource that has been removed or is no longer available. Contact the app vendor.",
    cause: 'The API that the app asks for was removed.',
    remedy: `Remove the permission from the app registration. ${checkEnvironmentAndTenant}`,
  },
  misconfiguredApplication: {
    ...resourceRefused,
    code: 650056,
    error: 'access_denied',
    httpStatus: null,
    delivery: 'page',
    message:
      "Misconfigured application. This could be due to one of the following: the client has not listed any permissions for '{resource}' in the requested permissions in the client's application registration. Or, the admin has not consented in the tenant. Or, check the application identifier in the request to ensure it matches the configured client application identifier.",
    cause: 'The app registration lists no permission for the API, or nobody consented to it.',
    remedy: `${addDynamicsPermission} ${grantAdminConsent}`,
  },
  resourceNotListed: {
    ...resourceRefused,
    code: 650057,
    error: 'invalid_client',
    errorV1: 'invalid_resource',
    message:
      "Invalid resource. The client has requested access to a resource which is not listed in the requested permissions in the client's application registration. Client app ID: {appId}({name}). Resource value from request: {resource}.",
    cause: "The API is not among the app registration's permissions.",
    remedy: addDynamicsPermission,
  },
  tokenForItselfRequiresGraphPermission: {
    ...adminConsentNeeded,
    code: 90008,
    message:
      "The user or administrator has not consented to use the application with ID '{appId}'. This happened because application is misconfigured: it must require access to Microsoft Graph by specifying at least 'Sign in and read user profile' permission.",
    cause: 'The app asks for an API without the permission to sign people in.',
    remedy: `Add Microsoft Graph, delegated, User.Read under API permissions. ${grantAdminConsent}`,
  },
  tokenForItself: {
    ...badRequest,
    code: 90009,
    message:
      "Application '{appId}' is requesting a token for itself. This scenario is supported only if resource is specified using the GUID based App Identifier.",
    cause:
      'The refresh named no resource or the app itself, so the token would be for the app and not for the CRM.',
    remedy: "Send the environment's scope (v2) or resource (v1) with every refresh.",
  },
  graphUserUnauthorized: {
    ...adminConsentNeeded,
    code: 90093,
    message:
      "Graph returned with forbidden error code for the request: the user may not consent to what the application '{name}' asks for.",
    cause: 'The person may not consent to these permissions.',
    remedy: grantAdminConsent,
  },
  adminConsentRequired: {
    ...adminConsentNeeded,
    code: 90094,
    message:
      '{name} needs permission to access resources in your organization that only an admin can grant. Please ask an admin to grant permission to this app before you can use it.',
    cause: 'People of this organization may not consent by themselves; an administrator must.',
    remedy: grantAdminConsent,
  },
  adminConsentRequestRequired: {
    ...adminConsentNeeded,
    code: 90095,
    message:
      'Admin consent is required. In the admin consent request workflow, the user can request approval with a reason.',
    cause: 'An administrator must consent, and the organization takes requests on a form.',
    remedy: 'Fill in the form on the page and wait for the approval, then sign in again.',
  },
  graphRetryableError: { ...directoryCallFailed, code: 90090 },
  graphServiceUnreachable: { ...directoryCallFailed, code: 90091 },
  graphNonRetryableError: { ...directoryCallFailed, code: 90092 },
  adminConsentRequiredForRiskyApp: {
    ...adminConsentNeeded,
    code: 900941,
    message: "Administrator consent is required. The application '{name}' is considered risky.",
    cause:
      'Microsoft considers the app risky (an unverified publisher, for instance), so people may not consent themselves.',
    remedy: grantAdminConsent,
  },
  resourcePrincipalNotFound: {
    ...resourceRefused,
    code: 500011,
    message:
      'The resource principal named {resource} was not found in the tenant named {tenant}. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You might have sent your authentication request to the wrong tenant.',
    cause:
      'The tenant knows no service at this address: the environment address is mistyped or belongs to another tenant.',
    remedy: checkEnvironmentAndTenant,
  },
  invalidResource: {
    ...resourceRefused,
    code: 50001,
    message: "The resource '{resource}' is disabled or was not found.",
    cause: 'The service is disabled in this tenant, or its address is not registered.',
    remedy: checkEnvironmentAndTenant,
  },
  invalidScope: {
    ...badScope,
    code: 70011,
    message:
      "The provided request must include a 'scope' input parameter. The provided value for the input parameter 'scope' is not valid. The scope {scope} is not valid.",
    cause: 'The scope is misspelt or not known to the API.',
    remedy: "Send the environment's origin followed by /user_impersonation or /.default.",
  },
  scopeNamesSeveralResources: {
    ...badScope,
    code: 700022,
    message:
      "The provided value for the input parameter 'scope' is not valid because it contains more than one resource.",
    cause: 'The scopes of several APIs stand in one token request.',
    remedy: 'Ask for one API per token request.',
  },
  scopeNamesNoResource: { ...scopeWithoutResource, code: 700023 },
  invalidScopeForAccessToken: { ...scopeWithoutResource, code: 28002 },
  emptyScopeForAccessToken: { ...scopeWithoutResource, code: 28003 },
  grantRequiresInteraction: {
    code: 700020,
    error: 'interaction_required',
    httpStatus: 400,
    delivery: 'redirect',
    message: 'The access grant requires interaction.',
    cause: 'The token can be had on the sign-in page only.',
    whoActs: 'user',
    remedy: 'Sign in again.',
    nature: 'interaction',
  },
} as const satisfies AadstsCodes;
