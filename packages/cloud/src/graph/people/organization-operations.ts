import type { Tenant } from '../../directory/tenants.ts';
import { permissionRules, satisfies } from '../access/permission-rules.ts';
import { resourceNotFound } from '../errors/graph-error.ts';
import {
  belowKeys,
  type GraphAnswer,
  type GraphCall,
  type GraphOperation,
  type GraphResource,
} from '../operation/graph-operation.ts';
import { readOnly } from '../operation/property-kinds.ts';
import { presentProperties, toResourceType } from '../operation/property-table.ts';
import { readPlainKey } from '../operation/read-key.ts';
import { answerCollection } from '../query/answer-collection.ts';
import { answerEntity } from '../query/answer-entity.ts';
import { listedObjects } from '../query/object-set.ts';
import { propertyOperations } from '../query/property-operations.ts';

/** What `User.Read` alone shows; everything else is null then. */
const basicProperties = ['id', 'displayName', 'verifiedDomains'];

/** Source: Microsoft Graph reference, "organization resource type". */
const organizationProperties = {
  id: readOnly(),
  deletedDateTime: readOnly(),
  assignedPlans: readOnly([]),
  businessPhones: readOnly([]),
  city: readOnly(),
  country: readOnly(),
  countryLetterCode: readOnly(),
  createdDateTime: readOnly(),
  defaultUsageLocation: readOnly(),
  displayName: readOnly(),
  isMultipleDataLocationsForServicesEnabled: readOnly(),
  marketingNotificationEmails: readOnly([]),
  onPremisesLastSyncDateTime: readOnly(),
  onPremisesSyncEnabled: readOnly(),
  partnerTenantType: readOnly(),
  postalCode: readOnly(),
  preferredLanguage: readOnly('en'),
  privacyProfile: readOnly(),
  provisionedPlans: readOnly([]),
  securityComplianceNotificationMails: readOnly([]),
  securityComplianceNotificationPhones: readOnly([]),
  state: readOnly(),
  street: readOnly(),
  technicalNotificationMails: readOnly([]),
  tenantType: readOnly('AAD'),
  verifiedDomains: readOnly([]),
};
const organizationType = toResourceType('organization', organizationProperties);

function presentOrganization({ id, createdAt, displayName, domains }: Tenant): GraphResource {
  return presentProperties(organizationProperties, {
    id,
    createdDateTime: new Date(createdAt).toISOString(),
    displayName,
    verifiedDomains: domains.map((name, index) => ({
      capabilities: 'Email, OfficeCommunicationsOnline',
      isDefault: index === 0,
      isInitial: index === 0,
      name,
      type: 'Managed',
    })),
  });
}

const permissions = [permissionRules.readOrganization];

/** `/organization`: always exactly the caller's tenant. */
export const organizationOperations: GraphOperation[] = [
  { method: 'GET', path: '/organization', permissions, handle: listOrganizations },
  ...belowKeys('organization', permissions)('', { method: 'GET', handle: getOrganization }),
  ...propertyOperations(
    { set: 'organization', type: organizationType, read: readOrganization },
    belowKeys('organization', permissions),
  ),
];

function visibleOrganization({ caller }: GraphCall): GraphResource {
  const organization = presentOrganization(caller.tenant);
  if (satisfies(caller, permissionRules.readOrganizationFully)) return organization;
  return Object.fromEntries(
    Object.entries(organization).map(([name, value]) => [
      name,
      basicProperties.includes(name) ? value : Array.isArray(value) ? [] : null,
    ]),
  );
}

function listOrganizations(call: GraphCall): GraphAnswer {
  return answerCollection(call, {
    context: 'organization',
    type: organizationType,
    objects: listedObjects([visibleOrganization(call)]),
  });
}

function getOrganization(call: GraphCall): GraphAnswer {
  return answerEntity(call, {
    context: 'organization',
    type: organizationType,
    resource: readOrganization(call),
  });
}

/** @throws GraphError 404 for another tenant than the caller's */
function readOrganization(call: GraphCall): GraphResource {
  const id = readPlainKey(call.params);
  if (id.toLowerCase() !== call.caller.tenant.id) throw resourceNotFound(id);
  return visibleOrganization(call);
}
