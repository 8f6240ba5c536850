import type { Application } from '../../directory/applications.ts';
import { deleteApplication } from '../../graph/applications/application-operations.ts';
import {
  deletedApplications,
  purgeDeletedApplication,
  restoreDeletedApplication,
} from '../../graph/applications/deleted-applications.ts';
import { resourceNotFound } from '../../graph/errors/graph-error.ts';
import { html } from '../../web/html.ts';
import { graphCall } from '../graph/call-graph.ts';
import { copyable, formatDay, formTokenField } from '../pages/form-parts.ts';
import { applicationPath, registrationsPath } from '../pages/navigation.ts';
import {
  goTo,
  type PortalAnswer,
  type PortalRoute,
  type PortalVisit,
  showPage,
} from '../visit/portal-visit.ts';
import { lookOnlyNotice, showBlade, visitApplication } from './visit-application.ts';

const deletedPath = `${registrationsPath}/deleted`;

/** "Delete", and what can be done with an application after it. */
export const deleteRoutes: PortalRoute[] = [
  { method: 'GET', path: applicationPath(':id', 'delete'), handle: askToDelete },
  { method: 'POST', path: applicationPath(':id', 'delete'), handle: deleteSoftly },
  { method: 'GET', path: `${deletedPath}/:id`, handle: showDeleted },
  { method: 'POST', path: `${deletedPath}/:id/restore`, handle: restore },
  { method: 'POST', path: `${deletedPath}/:id/purge`, handle: purge },
];

function askToDelete(visit: PortalVisit): PortalAnswer {
  const visited = visitApplication(visit);
  const { id, displayName } = visited.application;
  return showBlade(visited, 'delete', {
    body: html`${lookOnlyNotice(visited)}
<p>Clients that use "${displayName}" get no more tokens, and what was granted to it is withdrawn. It can be restored
for 30 days from "Deleted applications"; its enterprise application and its grants don't come back with it.</p>
${
  visited.mayManage
    ? html`<form method="post" action="${applicationPath(id, 'delete')}">${formTokenField(visit)}
<div class="actions"><button type="submit" class="danger">Delete</button>
<a class="button secondary" href="${applicationPath(id)}">Cancel</a></div></form>`
    : undefined
}`,
  });
}

function deleteSoftly(visit: PortalVisit): PortalAnswer {
  deleteApplication(graphCall(visit));
  return goTo(`${deletedPath}?done=deleted`);
}

function showDeleted(visit: PortalVisit): PortalAnswer {
  const { id, displayName, appId, deletedAt } = findDeleted(visit);
  return showPage({
    title: displayName,
    area: 'registrations',
    trail: [
      { title: 'Home', path: '/' },
      { title: 'App registrations', path: registrationsPath },
      { title: 'Deleted applications', path: deletedPath },
    ],
    body: html`<div class="card"><dl><dt>Application (client) ID</dt><dd>${copyable('Application (client) ID', appId)}</dd>
<dt>Object ID</dt><dd>${copyable('Object ID', id)}</dd>
<dt>Deleted on</dt><dd>${formatDay(deletedAt ?? 0)}</dd></dl></div>
<form method="post" action="${deletedPath}/${id}/restore">${formTokenField(visit)}
<p>Restored, it has its old ids and secrets. Consent has to be granted anew.</p>
<button type="submit">Restore app registration</button></form>
<h2>Delete permanently</h2>
<form method="post" action="${deletedPath}/${id}/purge">${formTokenField(visit)}
<p>Nothing of it is left then, and nothing brings it back.</p>
<button type="submit" class="danger">Delete permanently</button></form>`,
  });
}

function restore(visit: PortalVisit): PortalAnswer {
  restoreDeletedApplication(graphCall(visit), findDeleted(visit));
  return goTo(`${applicationPath(visit.params.id ?? '')}?done=restored`);
}

function purge(visit: PortalVisit): PortalAnswer {
  purgeDeletedApplication(graphCall(visit), findDeleted(visit));
  return goTo(`${deletedPath}?done=purged`);
}

function findDeleted(visit: PortalVisit): Application {
  const id = visit.params.id ?? '';
  const application = deletedApplications(graphCall(visit)).find((candidate) => candidate.id === id);
  if (!application) throw resourceNotFound(id);
  return application;
}
