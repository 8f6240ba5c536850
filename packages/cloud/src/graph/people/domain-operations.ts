import { permissionRules } from '../access/permission-rules.ts';
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

const permissions = [permissionRules.readDomains];

/** Source: Microsoft Graph reference, "domain resource type". */
const domainProperties = {
  authenticationType: readOnly('Managed'),
  availabilityStatus: readOnly(),
  id: readOnly(),
  isAdminManaged: readOnly(true),
  isDefault: readOnly(false),
  isInitial: readOnly(false),
  isRoot: readOnly(true),
  isVerified: readOnly(true),
  passwordNotificationWindowInDays: readOnly(),
  passwordValidityPeriodInDays: readOnly(),
  state: readOnly(),
  supportedServices: readOnly(['Email', 'OfficeCommunicationsOnline']),
};
const type = toResourceType('domain', domainProperties);

/** `/domains`: those that the caller's tenant has verified. */
export const domainOperations: GraphOperation[] = [
  { method: 'GET', path: '/domains', permissions, handle: listDomains },
  ...belowKeys('domains', permissions)('', { method: 'GET', handle: getDomain }),
  ...propertyOperations(
    { set: 'domains', type, read: findAddressedDomain },
    belowKeys('domains', permissions),
  ),
];

function listDomains(call: GraphCall): GraphAnswer {
  return answerCollection(call, { context: 'domains', type, objects: listedObjects(presentDomains(call)) });
}

function getDomain(call: GraphCall): GraphAnswer {
  return answerEntity(call, { context: 'domains', type, resource: findAddressedDomain(call) });
}

/** @throws GraphError 404 */
function findAddressedDomain(call: GraphCall): GraphResource {
  const id = readPlainKey(call.params);
  const domain = presentDomains(call).find((known) => known.id === id.toLowerCase());
  if (!domain) throw resourceNotFound(id);
  return domain;
}

/** The first one is the initial one, and the one that new people are in. */
function presentDomains({ caller }: GraphCall): GraphResource[] {
  return caller.tenant.domains.map((id, index) =>
    presentProperties(domainProperties, { id, isDefault: index === 0, isInitial: index === 0 }),
  );
}
