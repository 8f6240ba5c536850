import {
  choice,
  complex,
  flag,
  guidOrNull,
  keptEmpty,
  readOnly,
  requiredText,
  text,
  texts,
} from '../operation/property-kinds.ts';
import { onlyCreated, onlySelected, type PropertyTable } from '../operation/property-table.ts';
import { readText } from '../operation/read-body.ts';
import {
  addIns,
  keyCredentials,
  noVerifiedPublisher,
  passwordCredentials,
} from './application-properties.ts';

const appIdLength = 36;
const tagLength = 256;
const nameLength = 256;

/**
 * What has a reader is the service principal's own; the rest follows its application.
 *
 * Source: Microsoft Graph reference, "servicePrincipal resource type"; what is sent unasked, and in which order, as
 * recorded.
 */
export const servicePrincipalProperties: PropertyTable = {
  id: readOnly(),
  deletedDateTime: readOnly(),
  accountEnabled: flag(true),
  alternativeNames: texts(),
  appDisplayName: readOnly(),
  appDescription: readOnly(),
  ...onlyCreated({
    appId: { empty: null, read: (value, property) => readText(value, property, appIdLength) },
  }),
  applicationTemplateId: readOnly(),
  appOwnerOrganizationId: readOnly(),
  appRoleAssignmentRequired: flag(false),
  createdDateTime: readOnly(),
  description: text(),
  disabledByMicrosoftStatus: readOnly(),
  displayName: requiredText(nameLength),
  homepage: readOnly(),
  loginUrl: text(),
  logoutUrl: readOnly(),
  notes: text(),
  notificationEmailAddresses: texts({ most: 5 }),
  preferredSingleSignOnMode: choice('password', 'saml', 'notSupported', 'oidc'),
  preferredTokenSigningKeyThumbprint: text(),
  replyUrls: readOnly([]),
  servicePrincipalNames: readOnly([]),
  servicePrincipalType: readOnly('Application'),
  signInAudience: readOnly(),
  tags: texts({ maximum: tagLength }),
  tokenEncryptionKeyId: guidOrNull(),
  samlSingleSignOnSettings: complex({ relayState: text() }),
  addIns,
  appRoles: readOnly([]),
  info: readOnly(),
  keyCredentials,
  oauth2PermissionScopes: readOnly([]),
  passwordCredentials,
  resourceSpecificApplicationPermissions: readOnly([]),
  verifiedPublisher: readOnly(noVerifiedPublisher),
  ...onlySelected({
    createdByAppId: readOnly(),
    customSecurityAttributes: keptEmpty(null),
    isDisabled: readOnly(),
  }),
};
