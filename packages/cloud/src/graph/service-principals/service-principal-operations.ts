import { listAppRoleAssignedTo, listAppRoleAssignments } from '../../directory/app-role-assignments.ts';
import { findApplicationByAppId } from '../../directory/applications.ts';
import { listGrantsOfClient } from '../../directory/permission-grants.ts';
import {
  deleteServicePrincipal,
  findServicePrincipal,
  findServicePrincipalByAppId,
  type ServicePrincipal,
  updateServicePrincipal,
} from '../../directory/service-principals.ts';
import { permissionRules } from '../access/permission-rules.ts';
import { requireApplicationAdministrator, requireApplicationManager } from '../access/person-rules.ts';
import { resourceNotFound } from '../errors/graph-error.ts';
import {
  type GraphAnswer,
  type GraphCall,
  type GraphOperation,
  type GraphResource,
  withKeyForm,
} from '../operation/graph-operation.ts';
import { readAddressedKey } from '../operation/read-key.ts';
import { withoutUnchanged } from '../operation/without-unchanged.ts';
import { answerCollection, answerCount } from '../query/answer-collection.ts';
import { answerEntity } from '../query/answer-entity.ts';
import { directorySet } from '../query/directory-set.ts';
import type { Relations } from '../query/expand-relations.ts';
import { listedObjects, type ObjectSet } from '../query/object-set.ts';
import { propertyOperations } from '../query/property-operations.ts';
import { presentAssignment } from '../resources/present-app-role-assignment.ts';
import { presentGrant } from '../resources/present-permission-grant.ts';
import { presentServicePrincipal, servicePrincipalType } from '../resources/present-service-principal.ts';
import { createServicePrincipalFromBody } from './create-service-principal.ts';
import { readServicePrincipal, updatableProperties } from './read-service-principal.ts';

const read = [permissionRules.readApplications];
const write = [permissionRules.writeApplications];

/** `/servicePrincipals`: make, list, read, change, switch on and off. */
export const servicePrincipalOperations: GraphOperation[] = [
  { method: 'POST', path: '/servicePrincipals', permissions: write, handle: createServicePrincipalFromBody },
  { method: 'GET', path: '/servicePrincipals', permissions: read, handle: listTenantPrincipals },
  { method: 'GET', path: '/servicePrincipals/$count', permissions: read, handle: countTenantPrincipals },
  ...withKeyForm('servicePrincipals', '', { method: 'GET', permissions: read, handle: getPrincipal }),
  ...withKeyForm('servicePrincipals', '', { method: 'PATCH', permissions: write, handle: updatePrincipal }),
  ...withKeyForm('servicePrincipals', '', { method: 'DELETE', permissions: write, handle: deletePrincipal }),
  ...propertyOperations(
    { set: 'servicePrincipals', type: servicePrincipalType, read: readPrincipal },
    (suffix, operation) => withKeyForm('servicePrincipals', suffix, { ...operation, permissions: read }),
  ),
  ...['/owners', '/memberOf', '/ownedObjects'].flatMap((suffix) =>
    withKeyForm('servicePrincipals', suffix, { method: 'GET', permissions: read, handle: listNothing }),
  ),
];

/** The service principal of the caller's tenant that the path names. @throws GraphError 400, 404 */
export function findAddressedPrincipal({ context, caller, params }: GraphCall): ServicePrincipal {
  const { name, value } = readAddressedKey(params);
  const find = name === 'id' ? findServicePrincipal : findServicePrincipalByAppId;
  const principal = find(context.directory, caller.tenant.id, value);
  if (!principal) throw resourceNotFound(value);
  return principal;
}

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

function listTenantPrincipals(call: GraphCall): GraphAnswer {
  return answerCollection(call, {
    context: 'servicePrincipals',
    type: servicePrincipalType,
    objects: tenantPrincipals(call),
    relations: servicePrincipalRelations(call),
  });
}

function countTenantPrincipals(call: GraphCall): GraphAnswer {
  return answerCount(call, { type: servicePrincipalType, objects: tenantPrincipals(call) });
}

function getPrincipal(call: GraphCall): GraphAnswer {
  return answerEntity(call, {
    context: 'servicePrincipals',
    type: servicePrincipalType,
    resource: readPrincipal(call),
    relations: servicePrincipalRelations(call),
  });
}

function readPrincipal(call: GraphCall): GraphResource {
  return presentServicePrincipal(call.context.directory, findAddressedPrincipal(call));
}

/** With what was granted to it and on it; the application stays, and can be let in again. */
function deletePrincipal(call: GraphCall): GraphAnswer {
  const { directory } = call.context;
  const principal = findAddressedPrincipal(call);
  const application = findApplicationByAppId(directory, principal.appId);
  if (application?.tenantId === call.caller.tenant.id) {
    requireApplicationManager(call.caller, directory, application);
  } else {
    requireApplicationAdministrator(call.caller);
  }
  deleteServicePrincipal(directory, principal.id);
  return { status: 204 };
}

/** Service principals have no owners, groups and objects of their own here. */
function listNothing(call: GraphCall): GraphAnswer {
  findAddressedPrincipal(call);
  return answerCollection(call, {
    context: 'directoryObjects',
    type: { name: 'directoryObject', properties: ['id', 'displayName'] },
    objects: listedObjects([]),
  });
}

/**
 * A principal that is switched off gets no tokens and lets nobody in (AADSTS7000112); one that requires assignment
 * lets in who holds a role of it (AADSTS50105).
 */
function updatePrincipal(call: GraphCall): GraphAnswer {
  const principal = findAddressedPrincipal(call);
  requireApplicationAdministrator(call.caller);
  const { document, accountEnabled = principal.accountEnabled } = readServicePrincipal(
    withoutUnchanged(call.body, readPrincipal(call), updatableProperties),
  );
  updateServicePrincipal(call.context.directory, {
    ...principal,
    accountEnabled,
    document: { ...principal.document, ...document },
  });
  return { status: 204 };
}

/** What `$expand` may name of a service principal. */
function servicePrincipalRelations({ context: { directory }, caller }: GraphCall): Relations {
  return {
    appRoleAssignments: (id) =>
      listAppRoleAssignments(directory, id).map((item) => presentAssignment(directory, item)),
    appRoleAssignedTo: (id) =>
      listAppRoleAssignedTo(directory, id).map((item) => presentAssignment(directory, item)),
    oauth2PermissionGrants: (id) => listGrantsOfClient(directory, caller.tenant.id, id).map(presentGrant),
  };
}
