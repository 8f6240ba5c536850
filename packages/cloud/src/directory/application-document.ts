import {
  isAnything,
  isFlag,
  isNumber,
  isText,
  listOf,
  objectOf,
  oneOf,
  optional,
  orNull,
  recordOf,
} from '../ground/read-row.ts';

/** The parts of Microsoft Graph's application resource that the directory keeps; names are Graph's. */
export interface ApplicationDocument {
  signInAudience: SignInAudience;
  description: string | null;
  groupMembershipClaims: string | null;
  identifierUris: string[];
  isFallbackPublicClient: boolean | null;
  notes: string | null;
  optionalClaims: unknown;
  publisherDomain: string | null;
  tags: string[];
  api: {
    acceptMappedClaims: boolean | null;
    knownClientApplications: string[];
    /** null and 1 mean v1-shaped access tokens, 2 v2-shaped ones. */
    requestedAccessTokenVersion: number | null;
    oauth2PermissionScopes: PermissionScope[];
    preAuthorizedApplications: unknown[];
  };
  appRoles: AppRole[];
  info: Record<string, string | null>;
  keyCredentials: KeyCredential[];
  /** An alternate key, chosen by whoever makes the application; it never changes. */
  uniqueName?: string;
  /** Those that have no meaning to this cloud but are kept for their readers. */
  properties?: Record<string, unknown>;
  /** Absent in documents of earlier versions. */
  federatedIdentityCredentials?: FederatedIdentityCredential[];
  publicClient: { redirectUris: string[] };
  requiredResourceAccess: RequiredResourceAccess[];
  spa: { redirectUris: string[] };
  web: {
    homePageUrl: string | null;
    logoutUrl: string | null;
    redirectUris: string[];
    implicitGrantSettings: { enableAccessTokenIssuance: boolean; enableIdTokenIssuance: boolean };
    redirectUriSettings?: { uri: string; index: number | null }[];
  };
}

export type SignInAudience =
  | 'AzureADMyOrg'
  | 'AzureADMultipleOrgs'
  | 'AzureADandPersonalMicrosoftAccount'
  | 'PersonalMicrosoftAccount';

export interface PermissionScope {
  id: string;
  value: string;
  /** `User`: people may consent for themselves; `Admin`: only an administrator may. */
  type: 'User' | 'Admin';
  isEnabled: boolean;
  adminConsentDisplayName: string;
  adminConsentDescription: string;
  userConsentDisplayName: string | null;
  userConsentDescription: string | null;
}

export interface AppRole {
  id: string;
  value: string;
  displayName: string;
  description: string;
  allowedMemberTypes: ('Application' | 'User')[];
  isEnabled: boolean;
  origin: string;
}

/** A certificate that an application signs client assertions with; only its public half is ever given. */
export interface KeyCredential {
  keyId: string;
  displayName: string | null;
  /** The certificate's SHA-1 thumbprint, 40 hexadecimal digits, unless the caller named something else. */
  customKeyIdentifier: string;
  type: 'AsymmetricX509Cert';
  usage: 'Verify';
  /** ISO 8601. */
  startDateTime: string;
  endDateTime: string;
  /** Base64 DER; Graph takes it and does not show it again. */
  key: string;
}

/** Trust in another issuer: its tokens for this subject and audience stand for the application's own assertions. */
export interface FederatedIdentityCredential {
  id: string;
  /** Unique within the application; never changes. */
  name: string;
  issuer: string;
  subject: string;
  description: string | null;
  /** Exactly one, as a rule `api://AzureADTokenExchange`. */
  audiences: string[];
}

/** What an application asks for; it grants nothing. */
export interface RequiredResourceAccess {
  resourceAppId: string;
  resourceAccess: { id: string; type: 'Scope' | 'Role' }[];
}

export const permissionScopeSchema = objectOf<PermissionScope>({
  id: isText,
  value: isText,
  type: oneOf('User', 'Admin'),
  isEnabled: isFlag,
  adminConsentDisplayName: isText,
  adminConsentDescription: isText,
  userConsentDisplayName: orNull(isText),
  userConsentDescription: orNull(isText),
});

export const appRoleSchema = objectOf<AppRole>({
  id: isText,
  value: isText,
  displayName: isText,
  description: isText,
  allowedMemberTypes: listOf(oneOf('Application', 'User')),
  isEnabled: isFlag,
  origin: isText,
});

export const keyCredentialSchema = objectOf<KeyCredential>({
  keyId: isText,
  displayName: orNull(isText),
  customKeyIdentifier: isText,
  type: oneOf('AsymmetricX509Cert'),
  usage: oneOf('Verify'),
  startDateTime: isText,
  endDateTime: isText,
  key: isText,
});

const redirectsSchema = objectOf<{ redirectUris: string[] }>({ redirectUris: listOf(isText) });

/** The document as the directory stores it. */
export const applicationDocumentSchema = objectOf<ApplicationDocument>({
  signInAudience: oneOf(
    'AzureADMyOrg',
    'AzureADMultipleOrgs',
    'AzureADandPersonalMicrosoftAccount',
    'PersonalMicrosoftAccount',
  ),
  description: orNull(isText),
  groupMembershipClaims: orNull(isText),
  identifierUris: listOf(isText),
  isFallbackPublicClient: orNull(isFlag),
  notes: orNull(isText),
  optionalClaims: isAnything,
  publisherDomain: orNull(isText),
  tags: listOf(isText),
  api: objectOf<ApplicationDocument['api']>({
    acceptMappedClaims: orNull(isFlag),
    knownClientApplications: listOf(isText),
    requestedAccessTokenVersion: orNull(isNumber),
    oauth2PermissionScopes: listOf(permissionScopeSchema),
    preAuthorizedApplications: listOf(isAnything),
  }),
  appRoles: listOf(appRoleSchema),
  info: recordOf(orNull(isText)),
  keyCredentials: listOf(keyCredentialSchema),
  uniqueName: optional(isText),
  properties: optional(recordOf(isAnything)),
  federatedIdentityCredentials: optional(
    listOf(
      objectOf<FederatedIdentityCredential>({
        id: isText,
        name: isText,
        issuer: isText,
        subject: isText,
        description: orNull(isText),
        audiences: listOf(isText),
      }),
    ),
  ),
  publicClient: redirectsSchema,
  requiredResourceAccess: listOf(
    objectOf<RequiredResourceAccess>({
      resourceAppId: isText,
      resourceAccess: listOf(
        objectOf<RequiredResourceAccess['resourceAccess'][number]>({
          id: isText,
          type: oneOf('Scope', 'Role'),
        }),
      ),
    }),
  ),
  spa: redirectsSchema,
  web: objectOf<ApplicationDocument['web']>({
    homePageUrl: orNull(isText),
    logoutUrl: orNull(isText),
    redirectUris: listOf(isText),
    implicitGrantSettings: objectOf<ApplicationDocument['web']['implicitGrantSettings']>({
      enableAccessTokenIssuance: isFlag,
      enableIdTokenIssuance: isFlag,
    }),
    redirectUriSettings: optional(
      listOf(objectOf<{ uri: string; index: number | null }>({ uri: isText, index: orNull(isNumber) })),
    ),
  }),
});

/** A document with every field at the value that Graph gives it when the caller left it out. */
export function emptyApplicationDocument(publisherDomain: string | null): ApplicationDocument {
  return {
    signInAudience: 'AzureADandPersonalMicrosoftAccount',
    description: null,
    groupMembershipClaims: null,
    identifierUris: [],
    isFallbackPublicClient: null,
    notes: null,
    optionalClaims: null,
    publisherDomain,
    tags: [],
    api: {
      acceptMappedClaims: null,
      knownClientApplications: [],
      requestedAccessTokenVersion: null,
      oauth2PermissionScopes: [],
      preAuthorizedApplications: [],
    },
    appRoles: [],
    info: {
      logoUrl: null,
      marketingUrl: null,
      privacyStatementUrl: null,
      supportUrl: null,
      termsOfServiceUrl: null,
    },
    keyCredentials: [],
    publicClient: { redirectUris: [] },
    requiredResourceAccess: [],
    spa: { redirectUris: [] },
    web: {
      homePageUrl: null,
      logoutUrl: null,
      redirectUris: [],
      implicitGrantSettings: { enableAccessTokenIssuance: false, enableIdTokenIssuance: false },
    },
  };
}
