import { type Html, html } from '../../web/html.ts';
import { showBlade, visitApplication } from '../applications/visit-application.ts';
import type { Refusal } from '../graph/call-graph.ts';
import { choice, formTokenField, plainNotice, refusalNotice } from '../pages/form-parts.ts';
import { applicationPath } from '../pages/navigation.ts';
import type { PortalAnswer, PortalVisit } from '../visit/portal-visit.ts';
import { requestTitle } from './choose-api.ts';
import { findApi, type OfferedApi, type OfferedPermission, offeredPermissions } from './find-api.ts';

/** From here on there is a search, permissions are folded up by what they are about, and nobody wants all of them. */
const many = 100;

const kinds = {
  Scope: { id: 'delegated', title: 'Delegated permissions' },
  Role: { id: 'application', title: 'Application permissions' },
} as const;

/** The permissions of an API whose name or title has every word of a search. */
export function shownPermissions(api: OfferedApi, search: string | undefined): OfferedPermission[] {
  const words = (search ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  return offeredPermissions(api).filter(({ value, title }) => {
    const text = `${value} ${title}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** The page on which permissions of one API are ticked: those that were searched for, or all of them. */
export function choosePermissions(visit: PortalVisit, refusal?: Refusal): PortalAnswer {
  const resource = findApi(visit, visit.params.resource ?? '');
  const visited = visitApplication(visit);
  const blade = `${applicationPath(visited.application.id, 'permissions')}/add`;
  const search = (visit.form.get('search') ?? visit.query.get('search') ?? '').trim();
  const offers = shownPermissions(resource, search);
  const listed = new Set(
    visited.application.document.requiredResourceAccess
      .filter((entry) => entry.resourceAppId === resource.appId)
      .flatMap((entry) => entry.resourceAccess.map(({ id }) => id)),
  );
  const isSearchable = resource.scopes.length + resource.roles.length > many;
  const panel = (type: OfferedPermission['type']) =>
    offerPanel({ type, offers: offers.filter((offer) => offer.type === type), search, listed });
  return showBlade(visited, 'permissions', {
    title: requestTitle,
    body: html`${refusalNotice(refusal)}<p><a href="${blade}">All APIs</a></p>
<h2>${resource.displayName}</h2>
${isSearchable ? searchForm(`${blade}/${resource.appId}`, search) : undefined}
<form method="post" action="${blade}/${resource.appId}">${formTokenField(visit)}
<input type="hidden" name="search" value="${search}">
<fieldset><legend>What type of permissions does your application require?</legend>
<div class="kinds">
${choice({ type: 'radio', id: 'kind-delegated', name: 'kind', value: 'delegated', label: kinds.Scope.title, hint: 'Your application needs to access the API as the signed-in user.', isChecked: true })}
${choice({ type: 'radio', id: 'kind-application', name: 'kind', value: 'application', label: kinds.Role.title, hint: 'Your application runs as a background service or daemon without a signed-in user.' })}
</div></fieldset>
${panel('Scope')}
${panel('Role')}
<div class="actions"><button type="submit">Add permissions</button>
<a class="button secondary" href="${applicationPath(visited.application.id, 'permissions')}">Discard</a></div></form>`,
  });
}

function searchForm(address: string, search: string): Html {
  return html`<form class="search" role="search" action="${address}">
<div class="field"><label for="search">Select permissions</label>
<input type="search" id="search" name="search" value="${search}" placeholder="Start typing a permission to filter these results"></div>
<button type="submit" class="secondary">Search</button></form>`;
}

function offerPanel({
  type,
  offers,
  search,
  listed,
}: {
  type: OfferedPermission['type'];
  offers: readonly OfferedPermission[];
  search: string;
  listed: ReadonlySet<string>;
}): Html {
  const { id, title } = kinds[type];
  const name = title.toLowerCase();
  if (offers.length === 0) {
    const none = search === '' ? `This API offers no ${name}.` : `No ${name} are called "${search}".`;
    return html`<div class="panel" id="${id}">${plainNotice(none)}</div>`;
  }
  const isFolded = offers.length > many;
  return html`<fieldset class="panel" id="${id}"><legend>${title}</legend>
${isFolded ? undefined : choice({ type: 'checkbox', id: `${id}-all`, name: allOf(type), label: `Select all ${name}`, selects: id })}
${isFolded ? foldedOffers(offers, listed) : offers.map((offer) => offerChoice(offer, listed))}</fieldset>`;
}

/** As the real page has them: under what they are about, and unfolded where something is ticked. */
function foldedOffers(offers: readonly OfferedPermission[], listed: ReadonlySet<string>): Html[] {
  const subjects = Map.groupBy(offers, ({ value }) => value.split('.', 1)[0] ?? value);
  return [...subjects].map(([subject, group]) => {
    const ticked = group.filter(({ id }) => listed.has(id)).length;
    return html`<details${ticked > 0 ? html` open` : undefined}><summary>${subject}${ticked > 0 ? ` (${ticked})` : undefined}</summary>
${group.map((offer) => offerChoice(offer, listed))}</details>`;
  });
}

function offerChoice(offer: OfferedPermission, listed: ReadonlySet<string>): Html {
  return choice({
    type: 'checkbox',
    id: `permission-${offer.type}-${offer.id}`,
    name: fieldOf(offer.type, offer.id),
    label: offer.value,
    hint: `${offer.title}. ${offer.description.replace(/\.?$/, '.')} Admin consent required: ${offer.needsAdministrator ? 'Yes' : 'No'}.`,
    isChecked: listed.has(offer.id),
  });
}

/** The check box of a permission. */
export function fieldOf(type: OfferedPermission['type'], id: string): string {
  return `${type}:${id}`;
}

/** "Select all", which the server understands where no script ticked the boxes. */
export function allOf(type: OfferedPermission['type']): string {
  return `${type}:all`;
}
