import { notAvailable } from '../errors/graph-error.ts';
import {
  choice,
  flag,
  flagOrNull,
  keptEmpty,
  readOnly,
  requiredText,
  text,
} from '../operation/property-kinds.ts';
import {
  onlyCreated,
  onlySelected,
  type PropertyTable,
  withoutProperties,
} from '../operation/property-table.ts';
import { readList, readOneOf } from '../operation/read-body.ts';

const groupTypes = ['Unified', 'DynamicMembership'];

/** Source: Microsoft Graph reference, "group resource type". */
export const groupProperties: PropertyTable = {
  id: readOnly(),
  deletedDateTime: readOnly(),
  classification: text(),
  createdDateTime: readOnly(),
  ...onlyCreated({ creationOptions: keptEmpty([]) }),
  description: text(),
  displayName: requiredText(256),
  expirationDateTime: readOnly(),
  groupTypes: { empty: [], read: readGroupTypes, onlyCreated: true },
  ...onlyCreated({ isAssignableToRole: keptEmpty(null) }),
  mail: readOnly(),
  mailEnabled: flag(false),
  mailNickname: requiredText(64),
  membershipRule: keptEmpty(null),
  membershipRuleProcessingState: keptEmpty(null),
  onPremisesDomainName: readOnly(),
  onPremisesLastSyncDateTime: readOnly(),
  onPremisesNetBiosName: readOnly(),
  onPremisesProvisioningErrors: readOnly([]),
  onPremisesSamAccountName: readOnly(),
  onPremisesSecurityIdentifier: readOnly(),
  onPremisesSyncEnabled: readOnly(),
  preferredDataLocation: text(64),
  preferredLanguage: text(64),
  proxyAddresses: readOnly([]),
  renewedDateTime: readOnly(),
  ...onlyCreated({ resourceBehaviorOptions: keptEmpty([]), resourceProvisioningOptions: keptEmpty([]) }),
  securityEnabled: flag(true),
  securityIdentifier: readOnly(),
  serviceProvisioningErrors: readOnly([]),
  theme: choice('Teal', 'Purple', 'Green', 'Blue', 'Pink', 'Orange', 'Red'),
  uniqueName: text(),
  visibility: choice('Private', 'Public', 'HiddenMembership'),
  ...onlySelected({
    allowExternalSenders: flag(false),
    assignedLabels: keptEmpty([]),
    assignedLicenses: readOnly([]),
    autoSubscribeNewMembers: flag(false),
    hasMembersWithLicenseErrors: readOnly(),
    hideFromAddressLists: flag(false),
    hideFromOutlookClients: flag(false),
    isArchived: readOnly(),
    isManagementRestricted: readOnly(),
    isSubscribedByMail: flagOrNull(),
    licenseProcessingState: readOnly(),
    unseenCount: readOnly(),
  }),
};

/** Those that are no field of a group of their own in the directory, and in a seed. */
export const furtherGroupProperties: PropertyTable = withoutProperties(groupProperties, [
  'displayName',
  'groupTypes',
  'mailEnabled',
  'securityEnabled',
]);

/** What a group's kind follows from: `Unified` makes a Microsoft 365 group. */
function readGroupTypes(value: unknown, property: string): string[] {
  const types = readList(value ?? [], property, (item) => readOneOf(item, property, groupTypes));
  if (types.includes('DynamicMembership')) throw notAvailable("'DynamicMembership' in property 'groupTypes'");
  return types;
}
