import { listAppRoleAssignedTo, listAppRoleAssignments } from '../../directory/app-role-assignments.ts';
import { findApplicationByAppId } from '../../directory/applications.ts';
import { softDeleteServicePrincipal } from '../../directory/deleted-service-principals.ts';
import { listGrantsOfClient } from '../../directory/permission-grants.ts';
import { listPrincipalOwnerIds } from '../../directory/service-principal-owners.ts';
import {
  findServicePrincipal,
  findServicePrincipalByAppId,
  type ServicePrincipal,
} from '../../directory/service-principals.ts';
import { permissionRules } from '../access/permission-rules.ts';
import { isApplicationManager, requirePrincipalManager } from '../access/person-rules.ts';
import { presentLinked } from '../links/link-operations.ts';
import {
  allMemberships,
  directMemberships,
  membershipOperations,
} from '../memberships/membership-operations.ts';
import {
  belowKeys,
  type GraphAnswer,
  type GraphCall,
  type GraphOperation,
  type GraphResource,
} from '../operation/graph-operation.ts';
import { presentOwnedObjects } from '../owners/owned-objects.ts';
import { directorySet } from '../query/directory-set.ts';
import type { Relations } from '../query/expand-relations.ts';
import { mixedCollectionOperations } from '../query/mixed-collection.ts';
import type { ObjectSet } from '../query/object-set.ts';
import { isSelected } from '../query/select-properties.ts';
import { readOperations } from '../query/set-operations.ts';
import { presentAssignment } from '../resources/present-app-role-assignment.ts';
import { presentGrant } from '../resources/present-permission-grant.ts';
import { presentServicePrincipal, servicePrincipalType } from '../resources/present-service-principal.ts';
import { createServicePrincipalFromBody } from './create-service-principal.ts';
import { findAddressedPrincipal } from './find-addressed-principal.ts';
import { updateServicePrincipalFromBody } from './update-service-principal.ts';

const read = [permissionRules.readApplications];
const write = [permissionRules.writeApplications];
const forReader = belowKeys('servicePrincipals', read);
const forWriter = belowKeys('servicePrincipals', write);

/** `/servicePrincipals`: make, list, read, change, switch on and off. */
export const servicePrincipalOperations: GraphOperation[] = [
  ...readOperations(
    {
      set: 'servicePrincipals',
      type: servicePrincipalType,
      objects: tenantPrincipals,
      read: readPrincipal,
      relations: servicePrincipalRelations,
    },
    read,
    forReader,
  ),
  { method: 'POST', path: '/servicePrincipals', permissions: write, handle: createServicePrincipalFromBody },
  ...forWriter('', { method: 'PATCH', handle: updateServicePrincipalFromBody }),
  ...forWriter('', { method: 'DELETE', handle: deletePrincipal }),
  ...membershipOperations(findAddressedPrincipal, forReader),
  ...mixedCollectionOperations(
    '/ownedObjects',
    (call) => presentOwnedObjects(call, findAddressedPrincipal(call).id),
    forReader,
  ),
];

function tenantPrincipals({ context: { directory }, caller }: GraphCall): ObjectSet<ServicePrincipal> {
  const tenantId = caller.tenant.id;
  return directorySet(directory, 'servicePrincipals', {
    tenantId,
    find: (id) => findServicePrincipal(directory, tenantId, id),
    lookUps: {
      appId: (appId) => {
        const principal = findServicePrincipalByAppId(directory, tenantId, appId);
        return principal ? [principal] : [];
      },
    },
    present: (principal) => presentServicePrincipal(directory, principal),
  });
}

/** Certificates come whole only where one service principal's are selected by name ("keyCredential resource type"). */
function readPrincipal(call: GraphCall): GraphResource {
  const principal = findAddressedPrincipal(call);
  const { keyCredentials = [] } = principal.document;
  return {
    ...presentServicePrincipal(call.context.directory, principal),
    ...(isSelected(call, 'keyCredentials') && { keyCredentials }),
  };
}

/** Soft, with what was granted to it and on it; the application stays. Owners of the application may do it, too. */
function deletePrincipal(call: GraphCall): GraphAnswer {
  const { directory } = call.context;
  const principal = findAddressedPrincipal(call);
  const application = findApplicationByAppId(directory, principal.appId);
  const isOwn = application?.tenantId === call.caller.tenant.id;
  if (!isOwn || !isApplicationManager(call.caller, directory, application)) {
    requirePrincipalManager(call.caller, directory, principal);
  }
  softDeleteServicePrincipal(directory, principal);
  return { status: 204 };
}

/** What `$expand` may name of a service principal. */
function servicePrincipalRelations(call: GraphCall): Relations {
  const { directory } = call.context;
  return {
    memberOf: (id) => directMemberships(call, { id }),
    transitiveMemberOf: (id) => allMemberships(call, { id }),
    ownedObjects: (id) => presentOwnedObjects(call, id),
    owners: (id) => presentLinked(call, listPrincipalOwnerIds(directory, id)),
    appRoleAssignments: (id) =>
      listAppRoleAssignments(directory, id).map((item) => presentAssignment(directory, item)),
    appRoleAssignedTo: (id) =>
      listAppRoleAssignedTo(directory, id).map((item) => presentAssignment(directory, item)),
    oauth2PermissionGrants: (id) =>
      listGrantsOfClient(directory, call.caller.tenant.id, id).map(presentGrant),
  };
}
