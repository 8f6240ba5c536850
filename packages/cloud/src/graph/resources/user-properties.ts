import {
  choice,
  complex,
  flag,
  flagOrNull,
  keptEmpty,
  moment,
  readOnly,
  requiredText,
  text,
  texts,
} from '../operation/property-kinds.ts';
import { onlySelected, type PropertyTable, withoutProperties } from '../operation/property-table.ts';

const emailLength = 113;
const extensionAttributes = Array.from({ length: 15 }, (_, index) => `extensionAttribute${index + 1}`);

/** What Graph sends with a person unasked. */
const usual: PropertyTable = {
  businessPhones: texts({ maximum: 64, most: 1 }),
  displayName: requiredText(256),
  givenName: text(64),
  jobTitle: text(128),
  mail: text(256),
  mobilePhone: text(64),
  officeLocation: text(128),
  preferredLanguage: text(64),
  surname: text(64),
  userPrincipalName: requiredText(emailLength),
  id: readOnly(),
};

const account: PropertyTable = {
  accountEnabled: flag(true),
  createdDateTime: readOnly(),
  creationType: readOnly(),
  deletedDateTime: readOnly(),
  externalUserState: readOnly(),
  externalUserStateChangeDateTime: readOnly(),
  identities: keptEmpty([]),
  lastPasswordChangeDateTime: readOnly(),
  mailNickname: text(64),
  passwordPolicies: text(64),
  passwordProfile: complex({
    password: requiredText(256),
    forceChangePasswordNextSignIn: flag(true),
    forceChangePasswordNextSignInWithMfa: flag(false),
  }),
  refreshTokensValidFromDateTime: readOnly(),
  securityIdentifier: readOnly(),
  signInActivity: readOnly(),
  signInSessionsValidFromDateTime: readOnly(),
  userType: keptEmpty('Member'),
};

const person: PropertyTable = {
  ageGroup: choice('Minor', 'NotAdult', 'Adult'),
  city: text(128),
  companyName: text(64),
  consentProvidedForMinor: choice('Granted', 'Denied', 'NotRequired'),
  country: text(128),
  department: text(64),
  employeeHireDate: moment(),
  employeeId: text(16),
  employeeLeaveDateTime: moment(),
  employeeOrgData: complex({ division: text(), costCenter: text() }),
  employeeType: text(),
  faxNumber: text(64),
  legalAgeGroupClassification: readOnly(),
  onPremisesExtensionAttributes: complex(
    Object.fromEntries(extensionAttributes.map((name) => [name, text()])),
    {},
  ),
  otherMails: texts({ maximum: 250, most: 250 }),
  postalCode: text(40),
  preferredDataLocation: text(64),
  showInAddressList: flagOrNull(),
  state: text(128),
  streetAddress: text(),
  usageLocation: text(2),
};

const services: PropertyTable = {
  assignedLicenses: readOnly([]),
  assignedPlans: readOnly([]),
  authorizationInfo: complex({ certificateUserIds: texts({ most: 10 }) }, {}),
  customSecurityAttributes: keptEmpty(null),
  deviceEnrollmentLimit: readOnly(),
  imAddresses: readOnly([]),
  isManagementRestricted: readOnly(),
  isResourceAccount: readOnly(),
  licenseAssignmentStates: readOnly([]),
  mailboxSettings: keptEmpty(null),
  onPremisesDistinguishedName: readOnly(),
  onPremisesDomainName: readOnly(),
  onPremisesImmutableId: text(256),
  onPremisesLastSyncDateTime: readOnly(),
  onPremisesProvisioningErrors: readOnly([]),
  onPremisesSamAccountName: readOnly(),
  onPremisesSecurityIdentifier: readOnly(),
  onPremisesSyncEnabled: readOnly(),
  onPremisesUserPrincipalName: readOnly(),
  print: keptEmpty(null),
  provisionedPlans: readOnly([]),
  proxyAddresses: readOnly([]),
  serviceProvisioningErrors: readOnly([]),
};

/** What people tell of themselves. */
const profile: PropertyTable = {
  aboutMe: text(),
  birthday: moment(),
  hireDate: moment(),
  interests: texts(),
  mySite: text(),
  pastProjects: texts(),
  preferredName: text(256),
  responsibilities: texts(),
  schools: texts(),
  skills: texts(),
};

/** Source: Microsoft Graph reference, "user resource type". */
export const userProperties: PropertyTable = {
  ...usual,
  ...onlySelected({ ...account, ...person, ...services, ...profile }),
};

/** Those that are no field of a person of their own in the directory, and in a seed. */
export const furtherUserProperties: PropertyTable = withoutProperties(userProperties, [
  'accountEnabled',
  'displayName',
  'givenName',
  'jobTitle',
  'mail',
  'passwordProfile',
  'surname',
  'userPrincipalName',
]);

/** What members may change of themselves ("Default user permissions in Microsoft Entra ID"). */
export const ownProperties: readonly string[] = ['mobilePhone', ...Object.keys(profile)];
