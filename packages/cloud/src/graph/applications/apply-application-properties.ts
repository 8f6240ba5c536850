import {
  type ApplicationDocument,
  emptyApplicationDocument,
  type SignInAudience,
} from '../../directory/application-document.ts';
import { readKeyCredentials } from '../credentials/read-key-credentials.ts';
import { invalidValue } from '../errors/graph-error.ts';
import {
  readBody,
  readFlag,
  readGuid,
  readList,
  readOneOf,
  readRecord,
  readText,
  readTextOrNull,
} from '../operation/read-body.ts';
import { withoutConstants } from '../operation/without-constants.ts';
import { readAppRoles, readPermissionScopes } from './read-exposed-permissions.ts';
import { readOptionalClaims } from './read-optional-claims.ts';
import { readRequiredResourceAccess } from './read-required-resource-access.ts';

/** An application as a call wants it to be, before the rules that span several properties are checked. */
export interface ApplicationDraft {
  displayName: string;
  document: ApplicationDocument;
}

const signInAudiences: readonly SignInAudience[] = [
  'AzureADMyOrg',
  'AzureADMultipleOrgs',
  'AzureADandPersonalMicrosoftAccount',
  'PersonalMicrosoftAccount',
];
export const maximumNameLength = 120;
const maximumTextLength = 1024;
const maximumUriLength = 255;
const maximumRedirectUriLength = 2048;

type Setter = (draft: ApplicationDraft, value: unknown, property: string) => void;

const setters: Record<string, Setter> = {
  displayName: (draft, value, property) => {
    draft.displayName = readText(value, property, maximumNameLength);
  },
  description: ({ document }, value, property) => {
    document.description = readTextOrNull(value, property, maximumTextLength);
  },
  notes: ({ document }, value, property) => {
    document.notes = readTextOrNull(value, property, maximumTextLength);
  },
  groupMembershipClaims: ({ document }, value, property) => {
    document.groupMembershipClaims = readTextOrNull(value, property, maximumTextLength);
  },
  signInAudience: ({ document }, value, property) => {
    document.signInAudience = readOneOf(value, property, signInAudiences);
  },
  identifierUris: ({ document }, value, property) => {
    document.identifierUris = readTexts(value, property, maximumUriLength);
  },
  isFallbackPublicClient: ({ document }, value, property) => {
    document.isFallbackPublicClient = value === null ? null : readFlag(value, property);
  },
  optionalClaims: ({ document }, value, property) => {
    document.optionalClaims = value === null ? null : readOptionalClaims(value, property);
  },
  tags: ({ document }, value, property) => {
    document.tags = readTexts(value, property, maximumTextLength);
  },
  info: ({ document }, value, property) => {
    for (const [name, part] of parts(value, property, Object.keys(emptyApplicationDocument(null).info))) {
      document.info[name] = readTextOrNull(part, `${property}.${name}`, maximumTextLength);
    }
  },
  api: setApi,
  appRoles: ({ document }, value) => {
    document.appRoles = readAppRoles(value);
  },
  requiredResourceAccess: ({ document }, value) => {
    document.requiredResourceAccess = readRequiredResourceAccess(value);
  },
  publicClient: ({ document }, value, property) => setRedirectUris(document.publicClient, value, property),
  spa: ({ document }, value, property) => setRedirectUris(document.spa, value, property),
  web: setWeb,
  passwordCredentials: refuseUnlessEmpty('Secrets are made by addPassword and removed by removePassword.'),
  keyCredentials: ({ document }, value) => {
    document.keyCredentials = readKeyCredentials(value, document.keyCredentials);
  },
};

/** What the real service keeps, too, and this one doesn't: taken when it is empty. */
const constants = {
  addIns: [],
  authenticationBehaviors: null,
  certification: null,
  defaultRedirectUri: null,
  disabledByMicrosoftStatus: null,
  isDeviceOnlyAuthSupported: null,
  nativeAuthenticationApisEnabled: null,
  oauth2RequirePostResponse: false,
  parentalControlSettings: { countriesBlockedForMinors: [], legalAgeGroupRule: 'Allow' },
  requestSignatureVerification: null,
  samlMetadataUrl: null,
  serviceManagementReference: null,
  servicePrincipalLockConfiguration: null,
  tokenEncryptionKeyId: null,
  uniqueName: null,
};

/** What an update may change. Secrets are not among it: their list may be sent back as it is, nothing else. */
export const updatableProperties: readonly string[] = [
  ...Object.keys(setters).filter((name) => name !== 'passwordCredentials'),
  ...Object.keys(constants),
];

/**
 * Puts the properties of a create or an update into a draft. Complex properties (`web`, `api`, …) are merged,
 * arrays replaced whole, as the real service does.
 *
 * @throws GraphError 400 for an unknown or read-only property or a value that can't be taken
 */
export function applyApplicationProperties(draft: ApplicationDraft, body: unknown): void {
  const given = readBody(withoutConstants(body, constants), Object.keys(setters));
  for (const [property, value] of Object.entries(given)) {
    setters[property]?.(draft, value, property);
  }
}

function setApi({ document: { api } }: ApplicationDraft, value: unknown, property: string): void {
  for (const [name, part] of parts(value, property, Object.keys(api))) {
    const path = `${property}.${name}`;
    if (name === 'acceptMappedClaims') api.acceptMappedClaims = part === null ? null : readFlag(part, path);
    if (name === 'knownClientApplications') api.knownClientApplications = readList(part, path, readGuid);
    if (name === 'oauth2PermissionScopes') api.oauth2PermissionScopes = readPermissionScopes(part);
    if (name === 'requestedAccessTokenVersion') {
      api.requestedAccessTokenVersion = readOneOf(part, path, [null, 1, 2]);
    }
    if (name === 'preAuthorizedApplications') {
      api.preAuthorizedApplications = readList(part, path, (item) => {
        const entry = readRecord(item, path, ['appId', 'delegatedPermissionIds']);
        return {
          appId: readGuid(entry.appId, `${path}.appId`),
          delegatedPermissionIds: readList(entry.delegatedPermissionIds, path, readGuid),
        };
      });
    }
  }
}

function setWeb({ document: { web } }: ApplicationDraft, value: unknown, property: string): void {
  for (const [name, part] of parts(value, property, Object.keys(web))) {
    const path = `${property}.${name}`;
    if (name === 'homePageUrl' || name === 'logoutUrl') {
      web[name] = readTextOrNull(part, path, maximumUriLength);
    }
    if (name === 'redirectUris') web.redirectUris = readTexts(part, path, maximumRedirectUriLength);
    if (name === 'implicitGrantSettings') {
      const settings = web.implicitGrantSettings;
      for (const [flag, on] of parts(part, path, Object.keys(settings))) {
        if (flag === 'enableAccessTokenIssuance' || flag === 'enableIdTokenIssuance') {
          settings[flag] = readFlag(on, `${path}.${flag}`);
        }
      }
    }
  }
}

function setRedirectUris(platform: { redirectUris: string[] }, value: unknown, property: string): void {
  for (const [name, part] of parts(value, property, ['redirectUris'])) {
    platform.redirectUris = readTexts(part, `${property}.${name}`, maximumRedirectUriLength);
  }
}

function parts(value: unknown, property: string, allowed: string[]): [string, unknown][] {
  return Object.entries(readRecord(value, property, allowed));
}

function readTexts(value: unknown, property: string, maximum: number): string[] {
  return readList(value, property, (item) => readText(item, property, maximum));
}

function refuseUnlessEmpty(reason: string): Setter {
  return (_draft, value, property) => {
    if (!Array.isArray(value) || value.length > 0) throw invalidValue(property, reason);
  };
}
