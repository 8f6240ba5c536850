import { findApplication } from '../../directory/applications.ts';
import { findGroup } from '../../directory/groups.ts';
import { findServicePrincipal } from '../../directory/service-principals.ts';
import { findUser } from '../../directory/users.ts';
import type { GraphCall, GraphResource } from '../operation/graph-operation.ts';
import type { ResourceType } from '../operation/resource-type.ts';
import { applicationType, presentApplication } from './present-application.ts';
import { directoryRoleType, knownRoles, presentDirectoryRole } from './present-directory-role.ts';
import { groupType, presentGroup } from './present-group.ts';
import { presentServicePrincipal, servicePrincipalType } from './present-service-principal.ts';
import { presentUser, userType } from './present-user.ts';

const kinds = [userType, groupType, applicationType, servicePrincipalType, directoryRoleType];

/** The names of the kinds' sets, as contexts have them. */
export const kindContexts: Readonly<Record<string, string>> = {
  user: 'users',
  group: 'groups',
  application: 'applications',
  servicePrincipal: 'servicePrincipals',
  directoryRole: 'directoryRoles',
};

/** What queries may name of objects whose kind is not known beforehand. */
export const directoryObjectType = {
  name: 'directoryObject',
  properties: [...new Set(kinds.flatMap(({ properties }) => properties))],
  kinds,
} satisfies ResourceType;

/** An object of the caller's tenant with `@odata.type`, as owners and members are answered. */
export function presentDirectoryObject(
  call: Pick<GraphCall, 'context' | 'caller'>,
  id: string,
): GraphResource | undefined {
  const { directory } = call.context;
  const tenantId = call.caller.tenant.id;
  const user = findUser(directory, id);
  if (user?.tenantId === tenantId) return typed('user', presentUser(user));
  const principal = findServicePrincipal(directory, tenantId, id);
  if (principal) return typed('servicePrincipal', presentServicePrincipal(directory, principal));
  const application = findApplication(directory, tenantId, id);
  if (application) return typed('application', presentApplication(directory, application));
  const group = findGroup(directory, tenantId, id);
  if (group) return typed('group', presentGroup(call, group));
  const role = knownRoles
    .map((name) => presentDirectoryRole(tenantId, name))
    .find((known) => known.id === id);
  return role && typed('directoryRole', role);
}

/** Says of an object in a mixed collection what it is. */
export function typed(name: string, resource: GraphResource): GraphResource {
  return { '@odata.type': `#microsoft.graph.${name}`, ...resource };
}
