import type { RequiredResourceAccess } from '../../directory/application-document.ts';
import { updateApplicationFromBody } from '../../graph/applications/update-application.ts';
import { type Html, html } from '../../web/html.ts';
import { showBlade, visitApplication } from '../applications/visit-application.ts';
import { graphCall, type Refusal, refusalOf } from '../graph/call-graph.ts';
import { choice, formTokenField, plainNotice, refusalNotice } from '../pages/form-parts.ts';
import { applicationPath } from '../pages/navigation.ts';
import { goTo, type PortalAnswer, type PortalRoute, type PortalVisit } from '../visit/portal-visit.ts';
import { requestTitle } from './choose-api.ts';
import { findApi, type OfferedPermission, offeredPermissions } from './find-api.ts';

const path = `${applicationPath(':id', 'permissions')}/add/:resource`;

/** "Add a permission", with the API chosen: its delegated and application permissions. */
export const addPermissionRoutes: PortalRoute[] = [
  { method: 'GET', path, handle: (visit) => choosePermissions(visit) },
  { method: 'POST', path, handle: addPermissions },
];

function addPermissions(visit: PortalVisit): PortalAnswer {
  const resource = findApi(visit, visit.params.resource ?? '');
  const { application } = visitApplication(visit);
  const chosen = offeredPermissions(resource).filter(
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

function choosePermissions(visit: PortalVisit, refusal?: Refusal): PortalAnswer {
  const resource = findApi(visit, visit.params.resource ?? '');
  const visited = visitApplication(visit);
  const blade = `${applicationPath(visited.application.id, 'permissions')}/add`;
  const offers = offeredPermissions(resource);
  const listed = new Set(
    visited.application.document.requiredResourceAccess
      .filter((entry) => entry.resourceAppId === resource.appId)
      .flatMap((entry) => entry.resourceAccess.map(({ id }) => id)),
  );
  return showBlade(visited, 'permissions', {
    title: requestTitle,
    body: html`${refusalNotice(refusal)}<p><a href="${blade}">All APIs</a></p>
<h2>${resource.displayName}</h2>
<form method="post" action="${blade}/${resource.appId}">${formTokenField(visit)}
<fieldset><legend>What type of permissions does your application require?</legend>
<div class="kinds">
${choice({ type: 'radio', id: 'kind-delegated', name: 'kind', value: 'delegated', label: 'Delegated permissions', hint: 'Your application needs to access the API as the signed-in user.', isChecked: true })}
${choice({ type: 'radio', id: 'kind-application', name: 'kind', value: 'application', label: 'Application permissions', hint: 'Your application runs as a background service or daemon without a signed-in user.' })}
</div></fieldset>
${offerPanel({ type: 'Scope', name: 'Delegated permissions', offers, listed })}
${offerPanel({ type: 'Role', name: 'Application permissions', offers, listed })}
<div class="actions"><button type="submit">Add permissions</button>
<a class="button secondary" href="${applicationPath(visited.application.id, 'permissions')}">Discard</a></div></form>`,
  });
}

function offerPanel({
  type,
  name,
  offers,
  listed,
}: {
  type: OfferedPermission['type'];
  name: string;
  offers: readonly OfferedPermission[];
  listed: ReadonlySet<string>;
}): Html {
  const id = type === 'Scope' ? 'delegated' : 'application';
  const shown = offers.filter((offer) => offer.type === type);
  if (shown.length === 0) {
    return html`<div class="panel" id="${id}">${plainNotice(`This API offers no ${name.toLowerCase()}.`)}</div>`;
  }
  return html`<fieldset class="panel" id="${id}"><legend>${name}</legend>
${choice({ type: 'checkbox', id: `${id}-all`, name: allOf(type), label: `Select all ${name.toLowerCase()}`, selects: id })}
${shown.map((offer) =>
  choice({
    type: 'checkbox',
    id: `permission-${offer.id}`,
    name: fieldOf(type, offer.id),
    label: offer.value,
    hint: `${offer.title}. ${offer.description.replace(/\.?$/, '.')} Admin consent required: ${offer.needsAdministrator ? 'Yes' : 'No'}.`,
    isChecked: listed.has(offer.id),
  }),
)}</fieldset>`;
}

/** The check box of a permission. */
export function fieldOf(type: OfferedPermission['type'], id: string): string {
  return `${type}:${id}`;
}

/** "Select all", which the server understands where no script ticked the boxes. */
function allOf(type: OfferedPermission['type']): string {
  return `${type}:all`;
}
