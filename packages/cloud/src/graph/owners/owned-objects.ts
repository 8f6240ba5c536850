import { listOwnedApplications } from '../../directory/applications.ts';
import { listOwnedPrincipals } from '../../directory/service-principal-owners.ts';
import type { GraphCall, GraphResource } from '../operation/graph-operation.ts';
import { presentApplication } from '../resources/present-application.ts';
import { typed } from '../resources/present-directory-object.ts';
import { presentServicePrincipal } from '../resources/present-service-principal.ts';

/** What may follow `/ownedObjects` in a path: nothing, or the one kind that is asked for (an OData cast). */
export const ownedObjectsCasts = ['', '/microsoft.graph.application', '/microsoft.graph.servicePrincipal'];

/** The applications and service principals that somebody owns, of the kind that the path names. */
export function presentOwnedObjects(
  { context: { directory }, caller, path }: GraphCall,
  ownerId: string,
): GraphResource[] {
  const tenantId = caller.tenant.id;
  const [, wanted = ''] = /\/(microsoft\.graph\.\w+)$/i.exec(path) ?? [];
  const isWanted = (object: GraphResource) =>
    wanted === '' || String(object['@odata.type']).toLowerCase() === `#${wanted}`.toLowerCase();
  return [
    ...listOwnedApplications(directory, tenantId, ownerId).map((application) =>
      typed('application', presentApplication(directory, application)),
    ),
    ...listOwnedPrincipals(directory, tenantId, ownerId).map((principal) =>
      typed('servicePrincipal', presentServicePrincipal(directory, principal)),
    ),
  ].filter(isWanted);
}
