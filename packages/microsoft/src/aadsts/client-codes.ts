import type { AadstsCodes } from './aadsts-entry.ts';

/** Failed client authentication is 401 by RFC 6749 §5.2; it does not occur at the authorize endpoint. */
const clientRefused = {
  error: 'invalid_client',
  httpStatus: 401,
  delivery: 'token',
  nature: 'terminal',
} as const;

/** The app can't be resolved: the authorize endpoint shows a page, since it must not trust the redirect URI. */
const appNotUsable = {
  error: 'unauthorized_client',
  httpStatus: 400,
  delivery: 'page',
  nature: 'terminal',
} as const;

const wrongTenant = {
  error: 'invalid_request',
  httpStatus: 400,
  delivery: 'page',
  nature: 'terminal',
} as const;

const sendTheSecretValue =
  "Paste the secret's Value (shown once, when it is made), not its Secret ID, or make a new client secret and store its value.";
const uploadTheCertificate =
  'Upload the certificate that signs the assertion to the app registration, or sign with the one that is registered.';
const checkClientAndTenant =
  'Compare the application (client) id and the directory (tenant) id with the app registration, and consent to the app in that tenant.';
const useTheTenant = "Use the tenant's id or domain in the address instead of common or consumers.";

const notForPersonalAccounts = {
  ...wrongTenant,
  message:
    "Application '{appId}'({name}) or resource '{resource}' is not supported over the /common or /consumers endpoints. Please use the /organizations or tenant-specific endpoint.",
  cause: 'The app or the API is not open to personal Microsoft accounts, which common and consumers include.',
  whoActs: 'developer',
  remedy: 'Use organizations or the tenant id in the address.',
} as const;

/** Codes about the app registration, its credentials and its tenant. */
export const clientCodes = {
  invalidClientSecret: {
    ...clientRefused,
    code: 7000215,
    message:
      "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '{appId}'.",
    cause:
      'The client secret is wrong: often its id was pasted instead of its value, or it is so new that it has not reached every server yet.',
    whoActs: 'administrator',
    remedy: `${sendTheSecretValue} After making one, wait a minute.`,
  },
  expiredClientSecret: {
    ...clientRefused,
    code: 7000222,
    message:
      "The provided client secret keys for app '{appId}' are expired. Visit the Azure portal to create new keys for your app: https://aka.ms/NewClientSecret, or consider using certificate credentials for added security: https://aka.ms/certCreds.",
    cause:
      'The client secret has passed its end date. Every connection of this app registration is affected.',
    whoActs: 'administrator',
    remedy:
      'Make a new client secret in the app registration (https://aka.ms/NewClientSecret) and store its value here. No one has to sign in again.',
  },
  clientCredentialsWithoutCredential: {
    ...clientRefused,
    code: 7000216,
    message:
      "'client_assertion', 'client_secret' or 'request' is required for the 'client_credentials' grant type.",
    cause: 'The app asked for a token of its own without a credential.',
    whoActs: 'developer',
    remedy: 'Send the client secret or a client assertion with the request.',
  },
  missingClientCredential: {
    ...clientRefused,
    code: 7000218,
    message: "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
    cause:
      'The app is confidential and sent no credential, or it uses a public flow while "Allow public client flows" is off.',
    whoActs: 'developer',
    remedy:
      'Send the client secret; for a public client turn on "Allow public client flows" under Authentication of the app registration.',
  },
  publicClientWithCredential: {
    ...clientRefused,
    code: 700025,
    message: "Client is public so neither 'client_assertion' nor 'client_secret' should be presented.",
    cause: 'The redirect URI is registered for a public platform, yet a client secret was sent.',
    whoActs: 'administrator',
    remedy: 'Register the redirect URI under the platform Web, or leave the secret out.',
  },
  invalidClient: {
    ...clientRefused,
    code: 70002,
    message: 'Error validating credentials.',
    cause:
      'The client credential was not accepted. Older answers put this code before the one that says why.',
    whoActs: 'administrator',
    remedy: sendTheSecretValue,
  },
  unknownClient: {
    ...appNotUsable,
    code: 700016,
    message:
      "Application with identifier '{appId}' was not found in the directory '{tenant}'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant.",
    cause:
      'The tenant does not know this client id: a typing error, another tenant, or an app that was deleted.',
    whoActs: 'administrator',
    remedy: checkClientAndTenant,
  },
  invalidClientIdentifier: {
    ...appNotUsable,
    code: 700038,
    message: '{appId} is not a valid application identifier.',
    hasErrorUri: false,
    cause: 'The client id is the zero GUID or no GUID at all: a placeholder that nobody filled in.',
    whoActs: 'administrator',
    remedy: checkClientAndTenant,
  },
  clientNotInOrganization: {
    ...appNotUsable,
    code: 700011,
    message:
      "Application with identifier '{appId}' was not found in the directory. The requesting app id is not in this organization.",
    cause: 'The client id that asks is not found in the organization.',
    whoActs: 'administrator',
    remedy: checkClientAndTenant,
  },
  unauthorizedClient: {
    ...appNotUsable,
    code: 70001,
    message: "Application '{appId}' is disabled or was not found in the directory.",
    cause: 'The app is disabled or not found in this tenant (an older form of 700016).',
    whoActs: 'administrator',
    remedy: checkClientAndTenant,
  },
  disabledClient: {
    ...appNotUsable,
    code: 7000112,
    message: "Application '{appId}'({name}) is disabled.",
    cause: 'Sign-in to the app was switched off in this tenant.',
    whoActs: 'administrator',
    remedy:
      'In the Entra admin center open Enterprise applications, the app, Properties, and set "Enabled for users to sign-in" to Yes.',
  },
  invalidAssertionSignature: {
    ...clientRefused,
    code: 700027,
    message: 'Client assertion failed signature validation.',
    cause: 'The client assertion was signed with a key that is not registered for the app.',
    whoActs: 'administrator',
    remedy: uploadTheCertificate,
  },
  clientAuthenticationFailed: {
    ...clientRefused,
    code: 50012,
    message: 'Authentication failed. The client certificate or assertion is not valid.',
    cause: 'The certificate or the assertion that identifies the app was not accepted.',
    whoActs: 'administrator',
    remedy: uploadTheCertificate,
  },
  certificateSubjectNotAuthorized: {
    ...clientRefused,
    code: 700030,
    message: 'Invalid certificate. The subject name in the certificate is not authorized.',
    cause: "The certificate's subject or issuer is not among those the app allows.",
    whoActs: 'administrator',
    remedy: uploadTheCertificate,
  },
  clientNotMultitenant: {
    ...wrongTenant,
    code: 50194,
    message:
      "Application '{appId}'({name}) is not configured as a multi-tenant application. Usage of the /common endpoint is not supported for such apps created after '10/15/2018'. Use a tenant-specific endpoint or configure the application to be multi-tenant.",
    cause: 'The app is for one tenant only, but the address says common.',
    whoActs: 'developer',
    remedy:
      'Use the tenant id in the address, or allow accounts of any organization in the app registration.',
  },
  missingTenant: {
    ...wrongTenant,
    code: 50059,
    message:
      'No tenant-identifying information found in either the request or implied by any provided credentials.',
    cause: 'Nothing in the request says which tenant is meant, as for client credentials on common.',
    whoActs: 'developer',
    remedy: useTheTenant,
  },
  unknownTenant: {
    ...wrongTenant,
    code: 90002,
    message:
      "Tenant '{tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.",
    cause:
      'There is no such tenant in this cloud: a typing error, or the tenant lives in another national cloud.',
    whoActs: 'administrator',
    remedy: 'Correct the tenant id or domain, and check which cloud the tenant belongs to.',
  },
  tenantInOtherNationalCloud: {
    ...wrongTenant,
    code: 90038,
    message:
      "Tenant '{tenant}' request is being redirected to the National Cloud '{cloud}'. Use the sign-in address of that cloud.",
    cause: 'The tenant lives in another national cloud.',
    whoActs: 'administrator',
    remedy: 'Choose that national cloud for the connection, so that its sign-in address is used.',
  },
  externalUserNotInTenant: {
    code: 50020,
    error: 'access_denied',
    httpStatus: null,
    delivery: 'page',
    message:
      "User account '{user}' from identity provider '{issuer}' does not exist in tenant '{tenant}' and cannot access the application '{appId}'({name}) in that tenant. The account needs to be added as an external user in the tenant first. Sign out and sign in again with a different Microsoft Entra user account.",
    cause: 'The person signed in with an account of another organization that is no guest here.',
    whoActs: 'user',
    remedy:
      'Sign in with an account of this organization, or ask an administrator for an invitation as guest.',
    nature: 'interaction',
  },
  notForCommonOrConsumers: { ...notForPersonalAccounts, code: 90130 },
  resourceNotForCommonOrConsumers: { ...notForPersonalAccounts, code: 90124 },
  grantNotForCommonOrConsumers: {
    ...wrongTenant,
    code: 9001023,
    message:
      "The grant type isn't supported over the /common or /consumers endpoints. Please use the /organizations or tenant-specific endpoint.",
    cause: 'This kind of token request needs a work or school tenant.',
    whoActs: 'developer',
    remedy: 'Use organizations or the tenant id in the address.',
  },
  clientForWorkAccountsOnly: {
    ...wrongTenant,
    code: 9002332,
    message:
      "Application '{appId}'({name}) is configured for use by Microsoft Entra users only. Please do not use the /consumers endpoint to serve this request.",
    cause: 'The app is for work and school accounts, but the address says consumers.',
    whoActs: 'developer',
    remedy: 'Use organizations or the tenant id in the address.',
  },
  clientForPersonalAccountsOnly: {
    ...wrongTenant,
    code: 9002331,
    message:
      "Application '{appId}'({name}) is configured for use by Microsoft Account users only. Please use the /consumers endpoint to serve this request.",
    cause: 'The app is for personal accounts only, but the address says common, organizations or a tenant.',
    whoActs: 'developer',
    remedy: 'Use consumers in the address, or let the app registration allow other accounts as well.',
  },
} as const satisfies AadstsCodes;
