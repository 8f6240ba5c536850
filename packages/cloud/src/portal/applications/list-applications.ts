import { type Application, listApplications, listOwnedApplications } from '../../directory/applications.ts';
import { deletedApplications } from '../../graph/applications/deleted-applications.ts';
import { type Html, html } from '../../web/html.ts';
import { graphCall } from '../graph/call-graph.ts';
import { copyable, dataTable, formatDay, goodNotice, plainNotice } from '../pages/form-parts.ts';
import { applicationPath, registrationsPath } from '../pages/navigation.ts';
import { type PortalAnswer, type PortalRoute, type PortalVisit, showPage } from '../visit/portal-visit.ts';

/** More than a person reads; the search finds the others. */
const mostRows = 100;

type ListTab = 'owned' | 'all' | 'deleted';

const tabs: readonly { tab: ListTab; title: string; path: string }[] = [
  { tab: 'all', title: 'All applications', path: `${registrationsPath}/all` },
  { tab: 'owned', title: 'Owned applications', path: registrationsPath },
  { tab: 'deleted', title: 'Deleted applications', path: `${registrationsPath}/deleted` },
];

const doneTexts: Record<string, string> = {
  deleted: 'The application was deleted. It can be restored for 30 days.',
  purged: 'The application was deleted for good.',
};

/** App registrations: one's own, all, and the deleted ones. */
export const listRoutes: PortalRoute[] = [
  { method: 'GET', path: registrationsPath, handle: (visit) => showList(visit, 'owned') },
  { method: 'GET', path: `${registrationsPath}/all`, handle: (visit) => showList(visit, 'all') },
  { method: 'GET', path: `${registrationsPath}/deleted`, handle: (visit) => showList(visit, 'deleted') },
];

function showList(visit: PortalVisit, tab: ListTab): PortalAnswer {
  const search = (visit.query.get('search') ?? '').trim();
  const found = applicationsOf(visit, tab).filter((application) => matches(application, search));
  return showPage({
    title: 'App registrations',
    area: 'registrations',
    trail: [{ title: 'Home', path: '/' }],
    body: html`${goodNotice(doneTexts[visit.query.get('done') ?? ''])}
<div class="commands"><a class="button" href="${registrationsPath}/new">New registration</a>
<span class="hint">Older instructions call it "New application registration".</span></div>
<nav class="tabs" aria-label="Which applications">${tabs.map(
      (item) =>
        html`<a href="${item.path}"${item.tab === tab ? html` aria-current="page"` : undefined}>${item.title}</a>`,
    )}</nav>
<form class="search" role="search" action="${tabs.find((item) => item.tab === tab)?.path ?? ''}">
<div class="field"><label for="search">Name or application (client) ID</label>
<input type="search" id="search" name="search" value="${search}"></div>
<button type="submit" class="secondary">Search</button></form>
${found.length === 0 ? nothing(tab, search) : table(found.slice(0, mostRows), tab)}
${
  found.length > mostRows
    ? html`<p class="muted">The first ${String(mostRows)} of ${String(found.length)}. Search to see others.</p>`
    : undefined
}`,
  });
}

function applicationsOf(visit: PortalVisit, tab: ListTab): Application[] {
  const { directory } = visit.context;
  const { tenant, user } = visit.session;
  if (tab === 'deleted') return deletedApplications(graphCall(visit));
  return tab === 'owned'
    ? listOwnedApplications(directory, tenant.id, user.id)
    : listApplications(directory, tenant.id);
}

function matches({ displayName, appId }: Application, search: string): boolean {
  const wanted = search.toLowerCase();
  return displayName.toLowerCase().includes(wanted) || appId === wanted;
}

function nothing(tab: ListTab, search: string): Html {
  if (search !== '') return plainNotice(`Nothing here is called "${search}".`);
  if (tab === 'deleted') return plainNotice('There are no deleted applications.');
  return tab === 'owned'
    ? plainNotice('You own no applications yet. Choose "New registration" to make one.')
    : plainNotice('This directory has no applications yet. Choose "New registration" to make one.');
}

function table(applications: readonly Application[], tab: ListTab): Html {
  const isDeleted = tab === 'deleted';
  return dataTable({
    label: tabs.find((item) => item.tab === tab)?.title ?? '',
    columns: ['Display name', 'Application (client) ID', isDeleted ? 'Deleted on' : 'Created on'],
    rows: applications.map(({ id, displayName, appId, createdAt, deletedAt }) => [
      html`<a href="${isDeleted ? `${registrationsPath}/deleted/${id}` : applicationPath(id)}">${displayName}</a>`,
      copyable(`Client ID of ${displayName}`, appId),
      formatDay(deletedAt ?? createdAt),
    ]),
  });
}
