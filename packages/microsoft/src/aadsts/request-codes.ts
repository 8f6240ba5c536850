import type { AadstsCodes } from './aadsts-entry.ts';

/** The request itself is wrong: sending it again unchanged gives the same answer. */
const badRequest = {
  error: 'invalid_request',
  httpStatus: 400,
  delivery: 'page',
  whoActs: 'developer',
  nature: 'terminal',
} as const;

const registerTheRedirectUri =
  'Add exactly the redirect URI that is sent, letter for letter, under Authentication of the app registration.';

const wrongInput = {
  ...badRequest,
  message: "The request contains an invalid input: '{parameter}' is empty or not valid.",
  cause: 'A parameter of the request is empty or not valid.',
  remedy: 'Correct the parameter that the message names.',
} as const;

const badlyFormed = {
  ...badRequest,
  message: 'The request is not properly formatted.',
  cause: 'The request is badly formed.',
  remedy: 'Check the request against the documentation of the endpoint.',
} as const;

/** Codes about the redirect URI and the form of the request. */
export const requestCodes = {
  redirectUriMismatch: {
    ...badRequest,
    code: 50011,
    error: 'invalid_client',
    message:
      "The redirect URI '{redirectUri}' specified in the request does not match the redirect URIs configured for the application '{appId}'. Make sure the redirect URI sent in the request matches one added to your application in the Azure portal. Navigate to https://aka.ms/redirectUriMismatchError to learn more about how to troubleshoot this error.",
    cause: 'The address to come back to is not registered for the app.',
    whoActs: 'administrator',
    remedy: registerTheRedirectUri,
  },
  redirectUriDiffersAtRedemption: {
    ...badRequest,
    code: 500112,
    error: 'invalid_client',
    delivery: 'token',
    message:
      "The reply address '{redirectUri}' does not match the reply address '{requestedRedirectUri}' provided when requesting Authorization code.",
    cause: 'The code was asked for with one redirect URI and redeemed with another.',
    remedy: 'Send the same redirect_uri in both requests.',
  },
  noRegisteredRedirectUri: {
    ...badRequest,
    code: 500113,
    httpStatus: null,
    message: 'No reply address is registered for the application.',
    cause: 'The app registration has no redirect URI at all.',
    whoActs: 'administrator',
    remedy: registerTheRedirectUri,
  },
  missingRedirectUri: {
    ...badRequest,
    code: 900971,
    httpStatus: null,
    message: 'No reply address provided.',
    cause: 'The request names no redirect URI, and the app has none that could be taken instead.',
    remedy: 'Send redirect_uri.',
  },
  invalidRedirectUri: {
    ...badRequest,
    code: 70004,
    message: "The redirect URI '{redirectUri}' is not valid for this application.",
    cause: 'The redirect URI is not one the app may use.',
    remedy: registerTheRedirectUri,
  },
  malformedRedirectUri: {
    ...badRequest,
    code: 90102,
    message: "'redirect_uri' value must be a valid absolute URI.",
    cause: 'The redirect URI is not a complete address.',
    remedy: 'Send a complete address, with https:// and the host.',
  },
  crossOriginRedemptionRefused: {
    ...badRequest,
    code: 9002326,
    delivery: 'token',
    message:
      "Cross-origin token redemption is permitted only for the 'Single-Page Application' client-type. Request origin: '{origin}'.",
    cause: 'A browser tried to redeem a code that was issued to a server.',
    remedy: 'Redeem the code on the server, or register the redirect URI as Single-page application.',
  },
  crossOriginRedemptionRequired: {
    ...badRequest,
    code: 9002327,
    delivery: 'token',
    message:
      "Tokens issued for the 'Single-Page Application' client-type may only be redeemed via cross-origin requests.",
    cause: 'The redirect URI is registered as Single-page application, but a server redeemed the code.',
    whoActs: 'administrator',
    remedy: 'Register the redirect URI under the platform Web instead of Single-page application.',
  },
  missingParameter: {
    ...badRequest,
    code: 900144,
    message: "The request body must contain the following parameter: '{parameter}'.",
    cause: 'A required parameter is missing.',
    remedy: 'Send the parameter, in the body and form-encoded.',
  },
  missingRequiredField: {
    ...badRequest,
    code: 90014,
    message:
      "The required field '{parameter}' is missing from the credential. Ensure that you have all the necessary parameters for the login request.",
    cause: 'A required field is missing.',
    remedy: 'Send the field.',
  },
  malformedRequest: {
    ...badRequest,
    code: 9002313,
    error: 'invalid_grant',
    message: 'Invalid request. Request is malformed or invalid.',
    cause:
      'The request could not be read: mostly a code or refresh token that is cut off or wrongly encoded. Without one the error is invalid_request.',
    whoActs: 'user',
    remedy: 'Sign in again. If it comes back, check that the body is form-encoded.',
    nature: 'interaction',
  },
  invalidUserInput: { ...wrongInput, code: 90013 },
  invalidRequestParameter: { ...wrongInput, code: 90100 },
  invalidRequestInput: { ...wrongInput, code: 90117 },
  invalidRequestFormat: { ...badlyFormed, code: 90004 },
  invalidRequest: { ...badlyFormed, code: 90023 },
  queryStringTooLong: {
    ...badRequest,
    code: 90015,
    httpStatus: null,
    message: 'The query string is too long.',
    cause: 'The address has more parameters than the service takes.',
    remedy: 'Shorten state and scope; keep long values on the server and send a key.',
  },
  methodNotAllowed: {
    ...badRequest,
    code: 900561,
    message: 'The endpoint only accepts {method} requests. Received a {received} request.',
    cause: 'The address was opened with the wrong method, often by the back button of the browser.',
    whoActs: 'user',
    remedy: 'Start the sign-in again from the beginning.',
  },
  badResourceRequest: {
    ...badRequest,
    code: 90056,
    delivery: 'token',
    message:
      'The resource is disabled or does not exist. Check that the code is redeemed at the token endpoint by POST.',
    cause: 'The code was sent to an endpoint that does not redeem codes.',
    remedy: 'Send a POST to the address that ends in /token.',
  },
  resourceParameterNotSupported: {
    ...badRequest,
    code: 901002,
    message: "The 'resource' request parameter is not supported.",
    cause: 'The v2 endpoint does not take resource.',
    remedy: 'Send scope instead, such as the environment address followed by /.default.',
  },
  unsupportedGrantType: {
    ...badRequest,
    code: 70003,
    error: 'unsupported_grant_type',
    delivery: 'token',
    message: "The app requested an unsupported grant type '{grantType}'.",
    cause: 'The grant type is not known.',
    remedy: 'Send authorization_code, refresh_token, client_credentials or the device code grant.',
  },
  unsupportedResponseType: {
    ...badRequest,
    code: 70005,
    error: 'unsupported_response_type',
    httpStatus: null,
    delivery: 'redirect',
    message: "The app returned an unsupported response type '{responseType}'.",
    cause: 'The response type is not enabled for the app.',
    remedy: 'Ask for response_type=code, or enable the type in the app registration.',
  },
  idTokenIssuanceDisabled: {
    ...badRequest,
    code: 700054,
    error: 'unsupported_response_type',
    httpStatus: null,
    delivery: 'redirect',
    message: "response_type 'id_token' is not enabled for the application.",
    cause: 'The app may not be given an id token straight from the authorize endpoint.',
    remedy: 'Ask for response_type=code, or enable ID tokens under Authentication of the app registration.',
  },
  accessTokenIssuanceDisabled: {
    ...badRequest,
    code: 700051,
    error: 'unsupported_response_type',
    httpStatus: null,
    delivery: 'redirect',
    message: "response_type 'token' is not enabled for the application.",
    cause: 'The app may not be given an access token straight from the authorize endpoint.',
    remedy:
      'Ask for response_type=code, or enable access tokens under Authentication of the app registration.',
  },
  unsupportedResponseMode: {
    ...badRequest,
    code: 70007,
    httpStatus: null,
    delivery: 'redirect',
    message: "'{responseMode}' is not a supported value of 'response_mode' when requesting a token.",
    cause: 'The response mode can not be used with what was asked for.',
    remedy: 'Use query or form_post.',
  },
  noSuchInstanceForDiscovery: {
    ...badRequest,
    code: 50049,
    error: 'invalid_instance',
    message: 'Unknown or invalid instance.',
    cause: 'The sign-in host is not one of Microsoft Entra ID.',
    remedy: 'Use a known sign-in address, such as https://login.microsoftonline.com.',
  },
  malformedDiscoveryRequest: {
    ...badRequest,
    code: 50050,
    message: 'The request for instance discovery is malformed.',
    cause: 'The question for the known sign-in hosts could not be read.',
    remedy: 'Use a known sign-in address, such as https://login.microsoftonline.com.',
  },
} as const satisfies AadstsCodes;
