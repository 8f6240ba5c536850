import type { Tenant } from '../../directory/tenants.ts';
import { permissionRules, satisfies } from '../access/permission-rules.ts';
import { resourceNotFound } from '../errors/graph-error.ts';
import {
  type GraphAnswer,
  type GraphCall,
  type GraphOperation,
  type GraphResource,
  withKeyForm,
} from '../operation/graph-operation.ts';
import { readPlainKey } from '../operation/read-key.ts';
import type { ResourceType } from '../operation/resource-type.ts';
import { answerCollection } from '../query/answer-collection.ts';
import { answerEntity } from '../query/answer-entity.ts';
import { listedObjects } from '../query/object-set.ts';

const permissions = [permissionRules.readOrganization];

/** `/organization`: always exactly the caller's tenant. */
export const organizationOperations: GraphOperation[] = [
  { method: 'GET', path: '/organization', permissions, handle: listOrganizations },
  ...withKeyForm('organization', '', { method: 'GET', permissions, handle: getOrganization }),
];

/** What `User.Read` alone shows; everything else is null then. */
const basicProperties = ['id', 'displayName', 'verifiedDomains'];

function presentOrganization(tenant: Tenant): GraphResource {
  return {
    id: tenant.id,
    deletedDateTime: null,
    assignedPlans: [],
    businessPhones: [],
    city: null,
    country: null,
    countryLetterCode: null,
    createdDateTime: new Date(tenant.createdAt).toISOString(),
    displayName: tenant.displayName,
    marketingNotificationEmails: [],
    onPremisesLastSyncDateTime: null,
    onPremisesSyncEnabled: null,
    postalCode: null,
    preferredLanguage: 'en',
    provisionedPlans: [],
    securityComplianceNotificationMails: [],
    securityComplianceNotificationPhones: [],
    state: null,
    street: null,
    technicalNotificationMails: [],
    tenantType: 'AAD',
    verifiedDomains: tenant.domains.map((name, index) => ({
      capabilities: 'Email, OfficeCommunicationsOnline',
      isDefault: index === 0,
      isInitial: index === 0,
      name,
      type: 'Managed',
    })),
  };
}

const organizationType: ResourceType = {
  name: 'organization',
  properties: Object.keys(presentOrganization({ id: '', displayName: '', domains: [], createdAt: 0 })),
};

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
  const id = readPlainKey(call.params);
  if (id.toLowerCase() !== call.caller.tenant.id) throw resourceNotFound(id);
  return answerEntity(call, {
    context: 'organization',
    type: organizationType,
    resource: visibleOrganization(call),
  });
}
