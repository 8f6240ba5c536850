import type { AadstsCodes } from './aadsts-entry.ts';

/** The service is at fault or busy: the same request succeeds later. */
const busy = {
  error: 'temporarily_unavailable',
  httpStatus: 503,
  delivery: 'page',
  whoActs: 'nobody',
  remedy: 'Nothing; the next try comes by itself.',
  nature: 'transient',
} as const;

const badRequest = {
  error: 'invalid_request',
  httpStatus: 400,
  delivery: 'page',
  whoActs: 'developer',
  nature: 'terminal',
} as const;

const passingFault = {
  ...busy,
  message: 'A transient error has occurred. Please try again.',
  cause: 'Microsoft Entra ID had a passing fault.',
} as const;

const innerFailure = {
  ...busy,
  error: 'server_error',
  httpStatus: 500,
  message: 'A server error occurred while processing the request.',
  cause: 'Microsoft Entra ID failed inside.',
  remedy:
    'Nothing; the next try comes by itself. If it goes on for hours, ask Microsoft support with the trace and correlation ids.',
} as const;

const personalAccountOnV1 = {
  ...badRequest,
  message:
    'We are unable to issue tokens from this API version on the MSA tenant. Please contact the application vendor as they need to use version 2.0 of the protocol to support this.',
  cause:
    'A personal Microsoft account was used at a v1 endpoint, which serves work and school accounts only.',
  remedy: 'Use the v2.0 endpoints, or sign in with a work or school account.',
} as const;

const noTenantGiven = {
  ...badRequest,
  message:
    'No tenant-identifying information found in either the request or implied by any provided credentials.',
  cause: 'Nothing in the request says which tenant is meant.',
  remedy: "Put the tenant's id or domain into the address.",
} as const;

const refusedAcrossOrganizations = {
  ...badRequest,
  message:
    "The application '{appId}' is not authorized in the tenant, or a client of another cloud is not supported for the request.",
  cause: 'A restriction on partners or between national clouds forbids this request.',
  whoActs: 'administrator',
  remedy:
    "Register the app in the tenant and in the cloud of the environment, and use that cloud's sign-in address.",
} as const;

/** SAML is not part of the OAuth flows: the app was set up for SAML sign-in. Nobody throws these, so numbers will do. */
const samlRefused = {
  ...badRequest,
  httpStatus: null,
  message: 'The SAML authentication request or response is not valid.',
  cause: 'The request belongs to SAML sign-in, which connections to Dynamics 365 do not use.',
  whoActs: 'administrator',
  remedy: 'Use an app registration for OpenID Connect, without SAML single sign-on.',
} as const;

/** Codes about the state of the service, personal tenants, clouds, and SAML. */
export const serviceCodes = {
  requestTimeout: {
    ...busy,
    code: 90012,
    message: 'The request has timed out.',
    cause: 'Microsoft Entra ID did not finish in time.',
  },
  requestBudgetExceeded: {
    ...busy,
    code: 90024,
    message: 'The request budget has been exceeded. A transient error has occurred. Please try again.',
    cause: 'Microsoft Entra ID is busy.',
  },
  directoryServiceUnavailable: { ...passingFault, code: 90033 },
  externalServerRetryableError: { ...passingFault, code: 90006 },
  retryableError: { ...passingFault, code: 50033 },
  strongAuthRetryableError: { ...passingFault, code: 50087 },
  tenantThrottled: {
    ...busy,
    code: 90055,
    httpStatus: 429,
    message: 'The tenant is sending too many requests. There are too many incoming requests.',
    cause: 'The tenant asks for more than Microsoft Entra ID allows in this time.',
    remedy:
      'Nothing; the tries are spaced out by themselves. If it goes on, look for a client of the tenant that does not cache its tokens.',
  },
  personalAccountServerError: { ...innerFailure, code: 70012 },
  tokenIssuanceError: { ...innerFailure, code: 50000 },
  directoryServiceUnretryableFailure: { ...innerFailure, code: 90036 },
  apiVersionNotForPersonalAccount: { ...personalAccountOnV1, code: 500201 },
  apiVersionNotForPersonalTenant: { ...personalAccountOnV1, code: 90027 },
  missingTenantRealm: { ...noTenantGiven, code: 90019 },
  invalidDomainName: { ...noTenantGiven, code: 50128 },
  appNotAuthorizedForPartners: { ...refusedAcrossOrganizations, code: 90099 },
  confidentialClientCrossCloud: { ...refusedAcrossOrganizations, code: 900432 },
  crossCloudRequestNotSupported: { ...refusedAcrossOrganizations, code: 900382 },
  saml75001: { ...samlRefused, code: 75001 },
  saml75002: { ...samlRefused, code: 75002 },
  saml75003: { ...samlRefused, code: 75003 },
  saml75004: { ...samlRefused, code: 75004 },
  saml75005: { ...samlRefused, code: 75005 },
  saml75006: { ...samlRefused, code: 75006 },
  saml75007: { ...samlRefused, code: 75007 },
  saml75008: { ...samlRefused, code: 75008 },
  saml75009: { ...samlRefused, code: 75009 },
  saml75010: { ...samlRefused, code: 75010 },
  saml75011: { ...samlRefused, code: 75011 },
  saml75012: { ...samlRefused, code: 75012 },
  saml75013: { ...samlRefused, code: 75013 },
  saml75014: { ...samlRefused, code: 75014 },
  saml75015: { ...samlRefused, code: 75015 },
  saml75016: { ...samlRefused, code: 75016 },
  saml7500514: { ...samlRefused, code: 7500514 },
  saml7500529: { ...samlRefused, code: 7500529 },
  saml750054: { ...samlRefused, code: 750054 },
} as const satisfies AadstsCodes;
