import { listOwnerIds } from '../../directory/applications.ts';
import { findServicePrincipal } from '../../directory/service-principals.ts';
import { findUser, findUserByName } from '../../directory/users.ts';
import { findOwnedApplication } from '../../graph/applications/owner-operations.ts';
import { addByReference, removeByReference } from '../../graph/links/link-operations.ts';
import { html } from '../../web/html.ts';
import { graphCall, type Refusal, refusalOf } from '../graph/call-graph.ts';
import { dataTable, formTokenField, plainNotice, refusalNotice } from '../pages/form-parts.ts';
import { applicationPath } from '../pages/navigation.ts';
import { goTo, type PortalAnswer, type PortalRoute, type PortalVisit } from '../visit/portal-visit.ts';
import { lookOnlyNotice, showBlade, visitApplication } from './visit-application.ts';

const path = applicationPath(':id', 'owners');

/** "Owners": who may change the application besides administrators. */
export const ownerRoutes: PortalRoute[] = [
  { method: 'GET', path, handle: (visit) => showOwners(visit) },
  { method: 'POST', path, handle: addOwner },
  { method: 'POST', path: `${path}/remove`, handle: removeOwner },
];

function addOwner(visit: PortalVisit): PortalAnswer {
  const name = visit.form.get('name') ?? '';
  const user = findUserByName(visit.context.directory, name);
  if (!user) return showOwners(visit, { message: `Nobody in this directory signs in as "${name}".` });
  return change(visit, () => {
    const { serviceRoot } = graphCall(visit);
    const body = { '@odata.id': `${serviceRoot}/directoryObjects/${user.id}` };
    const call = graphCall(visit, { body });
    addByReference(call, findOwnedApplication(call));
  });
}

function removeOwner(visit: PortalVisit): PortalAnswer {
  const params = { ...visit.params, linked: visit.form.get('owner') ?? '' };
  return change(visit, () => {
    const call = graphCall(visit, { params });
    removeByReference(call, findOwnedApplication(call));
  });
}

function change(visit: PortalVisit, work: () => void): PortalAnswer {
  const refusal = refusalOf(work);
  return refusal ? showOwners(visit, refusal) : goTo(applicationPath(visit.params.id ?? '', 'owners'));
}

function showOwners(visit: PortalVisit, refusal?: Refusal): PortalAnswer {
  const visited = visitApplication(visit);
  const { id } = visited.application;
  const action = applicationPath(id, 'owners');
  const owners = listOwnerIds(visit.context.directory, id).map((ownerId) => describeOwner(visit, ownerId));
  return showBlade(visited, 'owners', {
    body: html`${refusalNotice(refusal)}${lookOnlyNotice(visited)}
<p>Owners can view and change this application. Whoever registers an application owns it.</p>
${
  owners.length === 0
    ? plainNotice('This application has no owners; administrators can change it.')
    : dataTable({
        label: 'Owners',
        columns: ['Name', 'Sign-in name', 'Actions'],
        rows: owners.map(({ ownerId, name, signInName }) => [
          name,
          signInName,
          visited.mayManage
            ? html`<form method="post" action="${action}/remove">${formTokenField(visit)}
<input type="hidden" name="owner" value="${ownerId}">
<button type="submit" class="secondary">Remove<span class="visually-hidden"> ${name}</span></button></form>`
            : '',
        ]),
      })
}
${
  visited.mayManage
    ? html`<h2>Add an owner</h2>
<form method="post" action="${action}" class="card">${formTokenField(visit)}
<div class="field"><label for="name">Sign-in name</label>
<input type="text" id="name" name="name" required autocomplete="off" autocapitalize="none" spellcheck="false"
 placeholder="somebody@${visit.session.tenant.domains[0] ?? ''}" value="${visit.form.get('name') ?? ''}"></div>
<div class="actions"><button type="submit">Add owner</button></div></form>`
    : undefined
}`,
  });
}

function describeOwner({ context: { directory }, session: { tenant } }: PortalVisit, ownerId: string) {
  const user = findUser(directory, ownerId);
  const name = user?.displayName ?? findServicePrincipal(directory, tenant.id, ownerId)?.displayName;
  return { ownerId, name: name ?? ownerId, signInName: user?.userPrincipalName ?? 'An application' };
}
