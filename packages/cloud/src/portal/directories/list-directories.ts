import { html } from '../../web/html.ts';
import { dataTable } from '../pages/form-parts.ts';
import { directoriesPath } from '../pages/navigation.ts';
import { listOrganizations } from '../visit/list-organizations.ts';
import { type PortalAnswer, type PortalRoute, type PortalVisit, showPage } from '../visit/portal-visit.ts';

/** "Directories": the organizations of this cloud, and the way from one to another. */
export const directoryListRoutes: PortalRoute[] = [
  { method: 'GET', path: directoriesPath, handle: showDirectories },
];

function showDirectories({ context, session }: PortalVisit): PortalAnswer {
  return showPage({
    title: 'Switch directory',
    area: 'directory',
    trail: [
      { title: 'Home', path: '/' },
      { title: 'Microsoft Entra ID', path: '/directory' },
    ],
    body: html`<p>Everybody here belongs to one directory. To see another one, sign in as somebody who belongs to it.</p>
${dataTable({
  label: 'Directories',
  columns: ['Directory name', 'Domain', 'Directory (tenant) ID', 'Actions'],
  rows: listOrganizations(context.directory).map(({ id, displayName, domains }) => [
    displayName,
    domains[0] ?? '-',
    html`<span class="value">${id}</span>`,
    id === session.tenant.id
      ? html`<strong>Current</strong>`
      : html`<a class="button secondary" href="${directoriesPath}/${id}">Switch<span class="visually-hidden"> to ${displayName}</span></a>`,
  ]),
})}`,
  });
}
