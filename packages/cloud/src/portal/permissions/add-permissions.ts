import type { RequiredResourceAccess } from '../../directory/application-document.ts';
import { updateApplicationFromBody } from '../../graph/applications/update-application.ts';
import { visitApplication } from '../applications/visit-application.ts';
import { graphCall, refusalOf } from '../graph/call-graph.ts';
import { applicationPath } from '../pages/navigation.ts';
import { goTo, type PortalAnswer, type PortalRoute, type PortalVisit } from '../visit/portal-visit.ts';
import { allOf, choosePermissions, fieldOf, shownPermissions } from './choose-permissions.ts';
import { findApi, type OfferedPermission } from './find-api.ts';

const path = `${applicationPath(':id', 'permissions')}/add/:resource`;

/** "Add a permission", with the API chosen: its delegated and application permissions. */
export const addPermissionRoutes: PortalRoute[] = [
  { method: 'GET', path, handle: (visit) => choosePermissions(visit) },
  { method: 'POST', path, handle: addPermissions },
];

function addPermissions(visit: PortalVisit): PortalAnswer {
  const resource = findApi(visit, visit.params.resource ?? '');
  const { application } = visitApplication(visit);
  const chosen = shownPermissions(resource, visit.form.get('search')).filter(
    ({ id, type }) => visit.form.has(fieldOf(type, id)) || visit.form.has(allOf(type)),
  );
  if (chosen.length === 0) return choosePermissions(visit, { message: 'Select at least one permission.' });
  const requiredResourceAccess = withPermissions(
    application.document.requiredResourceAccess,
    resource.appId,
    chosen,
  );
  const refusal = refusalOf(() =>
    updateApplicationFromBody(graphCall(visit, { body: { requiredResourceAccess } })),
  );
  if (refusal) return choosePermissions(visit, refusal);
  return goTo(`${applicationPath(application.id, 'permissions')}?done=added`);
}

function withPermissions(
  entries: readonly RequiredResourceAccess[],
  resourceAppId: string,
  chosen: readonly OfferedPermission[],
): RequiredResourceAccess[] {
  const listed = entries.find((entry) => entry.resourceAppId === resourceAppId)?.resourceAccess ?? [];
  const known = new Set(listed.map(({ id }) => id));
  const added = chosen.filter(({ id }) => !known.has(id)).map(({ id, type }) => ({ id, type }));
  const entry = { resourceAppId, resourceAccess: [...listed, ...added] };
  return [...entries.filter((other) => other.resourceAppId !== resourceAppId), entry];
}
