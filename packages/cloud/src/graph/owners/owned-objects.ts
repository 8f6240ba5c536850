import { listOwnedApplications } from '../../directory/applications.ts';
import { listOwnedGroups } from '../../directory/groups.ts';
import { listOwnedPrincipals } from '../../directory/service-principal-owners.ts';
import type { GraphCall, GraphResource } from '../operation/graph-operation.ts';
import { presentApplication } from '../resources/present-application.ts';
import { typed } from '../resources/present-directory-object.ts';
import { presentGroup } from '../resources/present-group.ts';
import { presentServicePrincipal } from '../resources/present-service-principal.ts';

/** The applications, service principals and groups that somebody owns, each with its `@odata.type`. */
export function presentOwnedObjects(call: GraphCall, ownerId: string): GraphResource[] {
  const { directory } = call.context;
  const tenantId = call.caller.tenant.id;
  return [
    ...listOwnedApplications(directory, tenantId, ownerId).map((application) =>
      typed('application', presentApplication(directory, application)),
    ),
    ...listOwnedPrincipals(directory, tenantId, ownerId).map((principal) =>
      typed('servicePrincipal', presentServicePrincipal(directory, principal)),
    ),
    ...listOwnedGroups(directory, ownerId).map((group) => typed('group', presentGroup(call, group))),
  ];
}
