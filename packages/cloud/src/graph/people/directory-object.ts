import { findApplication } from '../../directory/applications.ts';
import { findGroup } from '../../directory/groups.ts';
import { findServicePrincipal } from '../../directory/service-principals.ts';
import { findUser } from '../../directory/users.ts';
import { permissionRules } from '../access/permission-rules.ts';
import { resourceNotFound } from '../errors/graph-error.ts';
import type { GraphAnswer, GraphCall, GraphOperation, GraphResource } from '../operation/graph-operation.ts';
import type { ResourceType } from '../operation/resource-type.ts';
import { answerEntity } from '../query/answer-entity.ts';
import { applicationType, presentApplication } from '../resources/present-application.ts';
import { directoryRoleType, knownRoles, presentDirectoryRole } from '../resources/present-directory-role.ts';
import { groupType, presentGroup } from '../resources/present-group.ts';
import { presentServicePrincipal, servicePrincipalType } from '../resources/present-service-principal.ts';
import { presentUser, userType } from '../resources/present-user.ts';

/** What queries may name of objects whose kind is not known beforehand. */
export const directoryObjectType: ResourceType = {
  name: 'directoryObject',
  properties: [
    ...new Set([
      ...userType.properties,
      ...applicationType.properties,
      ...servicePrincipalType.properties,
      ...directoryRoleType.properties,
      ...groupType.properties,
    ]),
  ],
};

/** `/directoryObjects/{id}`: whatever it is. */
export const directoryObjectOperations: GraphOperation[] = [
  {
    method: 'GET',
    path: '/directoryObjects/:id',
    permissions: [permissionRules.readDirectory],
    handle: getDirectoryObject,
  },
];

function getDirectoryObject(call: GraphCall): GraphAnswer {
  const id = call.params.id ?? '';
  const resource = presentDirectoryObject(call, id.toLowerCase());
  if (!resource) throw resourceNotFound(id);
  return answerEntity(call, { context: 'directoryObjects', type: directoryObjectType, resource });
}

/** An object of the caller's tenant with `@odata.type`, as owners and members are answered. */
export function presentDirectoryObject(
  { context: { directory }, caller }: GraphCall,
  id: string,
): GraphResource | undefined {
  const tenantId = caller.tenant.id;
  const user = findUser(directory, id);
  if (user?.tenantId === tenantId) return typed('user', presentUser(user));
  const principal = findServicePrincipal(directory, tenantId, id);
  if (principal) return typed('servicePrincipal', presentServicePrincipal(directory, principal));
  const application = findApplication(directory, tenantId, id);
  if (application) return typed('application', presentApplication(directory, application));
  const group = findGroup(directory, tenantId, id);
  if (group) return typed('group', presentGroup(group));
  const role = knownRoles
    .map((name) => presentDirectoryRole(tenantId, name))
    .find((known) => known.id === id);
  return role && typed('directoryRole', role);
}

/** Says of an object in a mixed collection what it is. */
export function typed(name: string, resource: GraphResource): GraphResource {
  return { '@odata.type': `#microsoft.graph.${name}`, ...resource };
}
