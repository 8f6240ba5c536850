import { emptyApplicationDocument, type SignInAudience } from '../../directory/application-document.ts';
import { readAddIns } from '../application-parts/read-add-ins.ts';
import { readAppRoles, readPermissionScopes } from '../application-parts/read-exposed-permissions.ts';
import { readOptionalClaims } from '../application-parts/read-optional-claims.ts';
import { readPreAuthorizedApplications } from '../application-parts/read-pre-authorized.ts';
import { readRequiredResourceAccess } from '../application-parts/read-required-resource-access.ts';
import { invalidValue } from '../errors/graph-error.ts';
import {
  choice,
  complex,
  flag,
  flagOrNull,
  guidOrNull,
  readOnly,
  requiredText,
  text,
  texts,
} from '../operation/property-kinds.ts';
import { onlySelected, type Property, type PropertyTable } from '../operation/property-table.ts';
import { readGuid, readList, readOneOf, readRecord, readText } from '../operation/read-body.ts';

const signInAudiences: readonly SignInAudience[] = [
  'AzureADMyOrg',
  'AzureADMultipleOrgs',
  'AzureADandPersonalMicrosoftAccount',
  'PersonalMicrosoftAccount',
];
const maximumNameLength = 120;
const uriLength = 255;
const redirectUriLength = 2048;

const { api, info, publicClient, spa, web } = emptyApplicationDocument(null);

/** Certificates are told apart by those that are there, so that they are read where these are known. */
export const keyCredentials: Property = { empty: [], read: (value) => value };

/** Secrets are made and removed one by one; a body has to leave their list as it is. */
export const passwordCredentials: Property = {
  empty: [],
  read(value, property) {
    if (Array.isArray(value) && value.length === 0) return [];
    throw invalidValue(property, 'Secrets are made by addPassword and removed by removePassword.');
  },
};

export const addIns: Property = { empty: [], read: readAddIns };

export const noVerifiedPublisher = { displayName: null, verifiedPublisherId: null, addedDateTime: null };

const identity: PropertyTable = {
  id: readOnly(),
  deletedDateTime: readOnly(),
  appId: readOnly(),
  applicationTemplateId: readOnly(),
  disabledByMicrosoftStatus: readOnly(),
  createdDateTime: readOnly(),
  displayName: requiredText(maximumNameLength),
  description: text(),
  groupMembershipClaims: text(),
  identifierUris: texts({ maximum: uriLength }),
  isDeviceOnlyAuthSupported: flagOrNull(),
  isFallbackPublicClient: flagOrNull(),
  nativeAuthenticationApisEnabled: choice('none', 'all'),
  notes: text(),
  publisherDomain: readOnly(),
  serviceManagementReference: text(),
  signInAudience: {
    empty: null,
    read: (value, property) => readOneOf(value, property, signInAudiences),
  },
  tags: texts(),
  tokenEncryptionKeyId: guidOrNull(),
  uniqueName: readOnly(),
  samlMetadataUrl: text(),
  defaultRedirectUri: text(redirectUriLength),
  certification: readOnly(),
};

const rules: PropertyTable = {
  optionalClaims: {
    empty: null,
    read: (value, property) => (value === null ? null : readOptionalClaims(value, property)),
  },
  servicePrincipalLockConfiguration: complex({
    isEnabled: flag(false),
    allProperties: flagOrNull(),
    credentialsWithUsageVerify: flagOrNull(),
    credentialsWithUsageSign: flagOrNull(),
    tokenEncryptionKeyId: flagOrNull(),
  }),
  requestSignatureVerification: complex({
    isSignedRequestRequired: flag(false),
    allowedWeakAlgorithms: choice('rsaSha1'),
  }),
  addIns,
};

const interfaces: PropertyTable = {
  api: complex(
    {
      acceptMappedClaims: flagOrNull(),
      knownClientApplications: {
        empty: [],
        read: (value, property) => readList(value, property, readGuid),
      },
      requestedAccessTokenVersion: {
        empty: null,
        read: (value, property) => readOneOf(value, property, [null, 1, 2]),
      },
      oauth2PermissionScopes: { empty: [], read: readPermissionScopes },
      preAuthorizedApplications: { empty: [], read: readPreAuthorizedApplications },
    },
    { ...api },
  ),
  appRoles: { empty: [], read: readAppRoles },
  info: complex(Object.fromEntries(Object.keys(info).map((name) => [name, text()])), info),
  keyCredentials,
  parentalControlSettings: complex(
    {
      countriesBlockedForMinors: texts({ maximum: 2 }),
      legalAgeGroupRule: choice(
        'Allow',
        'RequireConsentForPrivacyServices',
        'RequireConsentForMinors',
        'RequireConsentForKids',
        'BlockMinors',
      ),
    },
    { countriesBlockedForMinors: [], legalAgeGroupRule: 'Allow' },
  ),
  passwordCredentials,
  publicClient: complex({ redirectUris: texts({ maximum: redirectUriLength }) }, { ...publicClient }),
  requiredResourceAccess: { empty: [], read: readRequiredResourceAccess },
  verifiedPublisher: readOnly(noVerifiedPublisher),
  web: complex(
    {
      homePageUrl: text(uriLength),
      logoutUrl: text(uriLength),
      redirectUris: texts({ maximum: redirectUriLength }),
      implicitGrantSettings: complex(
        { enableAccessTokenIssuance: flag(false), enableIdTokenIssuance: flag(false) },
        { ...web.implicitGrantSettings },
      ),
      redirectUriSettings: { empty: [], read: readRedirectUriSettings },
    },
    { ...web },
  ),
  spa: complex({ redirectUris: texts({ maximum: redirectUriLength }) }, { ...spa }),
};

/** Source: Microsoft Graph reference, "application resource type"; what is sent unasked, and in which order, as recorded. */
export const applicationProperties: PropertyTable = {
  ...identity,
  ...rules,
  ...interfaces,
  ...onlySelected({
    authenticationBehaviors: complex({
      blockAzureADGraphAccess: flagOrNull(),
      removeUnverifiedEmailClaim: flagOrNull(),
      requireClientServicePrincipal: flagOrNull(),
    }),
    createdByAppId: readOnly(),
    isDisabled: readOnly(),
    logo: readOnly(),
    oauth2RequirePostResponse: flag(false),
  }),
};

function readRedirectUriSettings(value: unknown, property: string) {
  return readList(value, property, (item) => {
    const { uri, index } = readRecord(item, property, ['uri', 'index']);
    if (index !== undefined && index !== null && !Number.isInteger(index)) {
      throw invalidValue(`${property}.index`, 'Expected a whole number.');
    }
    return { uri: readText(uri, `${property}.uri`, redirectUriLength), index: index ?? null };
  });
}
