import type { AadstsEntry } from './aadsts-entry.ts';

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

/** SAML is not part of the OAuth flows; a code of it means that the app was set up for SAML sign-in. */
const samlCodes = [
  75001, 75002, 75003, 75004, 75005, 75006, 75007, 75008, 75009, 75010, 75011, 75012, 75013, 75014, 75015,
  75016, 7500514, 7500529, 750054,
] as const;

/** Codes about the state of the service, personal tenants, clouds, and SAML. */
export const serviceCodes: readonly AadstsEntry[] = [
  {
    ...busy,
    code: 90012,
    message: 'The request has timed out.',
    cause: 'Microsoft Entra ID did not finish in time.',
  },
  {
    ...busy,
    code: 90024,
    message: 'The request budget has been exceeded. A transient error has occurred. Please try again.',
    cause: 'Microsoft Entra ID is busy.',
  },
  ...[90033, 90006, 50033, 50087].map(
    (code): AadstsEntry => ({
      ...busy,
      code,
      message: 'A transient error has occurred. Please try again.',
      cause: 'Microsoft Entra ID had a passing fault.',
    }),
  ),
  {
    ...busy,
    code: 90055,
    httpStatus: 429,
    message: 'The tenant is sending too many requests. There are too many incoming requests.',
    cause: 'The tenant asks for more than Microsoft Entra ID allows in this time.',
    remedy:
      'Nothing; the tries are spaced out by themselves. If it goes on, look for a client of the tenant that does not cache its tokens.',
  },
  ...[70012, 50000, 90036].map(
    (code): AadstsEntry => ({
      ...busy,
      code,
      error: 'server_error',
      httpStatus: 500,
      message: 'A server error occurred while processing the request.',
      cause: 'Microsoft Entra ID failed inside.',
      remedy:
        'Nothing; the next try comes by itself. If it goes on for hours, ask Microsoft support with the trace and correlation ids.',
    }),
  ),
  ...[500201, 90027].map(
    (code): AadstsEntry => ({
      ...badRequest,
      code,
      message:
        'We are unable to issue tokens from this API version on the MSA tenant. Please contact the application vendor as they need to use version 2.0 of the protocol to support this.',
      cause:
        'A personal Microsoft account was used at a v1 endpoint, which serves work and school accounts only.',
      remedy: 'Use the v2.0 endpoints, or sign in with a work or school account.',
    }),
  ),
  ...[90019, 50128].map(
    (code): AadstsEntry => ({
      ...badRequest,
      code,
      message:
        'No tenant-identifying information found in either the request or implied by any provided credentials.',
      cause: 'Nothing in the request says which tenant is meant.',
      remedy: "Put the tenant's id or domain into the address.",
    }),
  ),
  ...[90099, 900432, 900382].map(
    (code): AadstsEntry => ({
      ...badRequest,
      code,
      message:
        "The application '{appId}' is not authorized in the tenant, or a client of another cloud is not supported for the request.",
      cause: 'A restriction on partners or between national clouds forbids this request.',
      whoActs: 'administrator',
      remedy:
        "Register the app in the tenant and in the cloud of the environment, and use that cloud's sign-in address.",
    }),
  ),
  ...samlCodes.map(
    (code): AadstsEntry => ({
      ...badRequest,
      code,
      httpStatus: null,
      message: 'The SAML authentication request or response is not valid.',
      cause: 'The request belongs to SAML sign-in, which connections to Dynamics 365 do not use.',
      whoActs: 'administrator',
      remedy: 'Use an app registration for OpenID Connect, without SAML single sign-on.',
    }),
  ),
];
