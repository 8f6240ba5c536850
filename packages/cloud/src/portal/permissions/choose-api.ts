import { wellKnownIds } from '@latchkey/microsoft';
import { listApplications } from '../../directory/applications.ts';
import { findServicePrincipalByAppId, listServicePrincipals } from '../../directory/service-principals.ts';
import { isApplicationManager } from '../../graph/access/person-rules.ts';
import { type Html, html } from '../../web/html.ts';
import { showBlade, visitApplication } from '../applications/visit-application.ts';
import { dataTable, plainNotice, tabBar } from '../pages/form-parts.ts';
import { applicationPath } from '../pages/navigation.ts';
import type { PortalAnswer, PortalRoute, PortalVisit } from '../visit/portal-visit.ts';
import { findApi, offeredBy, offeredPermissions } from './find-api.ts';

/** The title of both steps of "Add a permission". */
export const requestTitle = 'Request API permissions';

/** "Add a permission": which API. */
export const chooseApiRoutes: PortalRoute[] = [
  { method: 'GET', path: `${applicationPath(':id', 'permissions')}/add`, handle: chooseApi },
];

const mostRows = 100;

const tabs = [
  { apis: 'microsoft', title: 'Microsoft APIs' },
  { apis: 'organization', title: 'APIs my organization uses' },
  { apis: 'mine', title: 'My APIs' },
] as const;

/** The tab "Microsoft APIs", with what the portal says about them. */
const microsoftApis: readonly { appId: string; text: string }[] = [
  {
    appId: wellKnownIds.microsoftGraph,
    text: 'Read and write data of Entra ID, Microsoft 365 and more from one endpoint.',
  },
  {
    appId: wellKnownIds.dynamicsCrm,
    text: 'Access the capabilities of CRM business software and ERP systems.',
  },
  { appId: wellKnownIds.azureServiceManagement, text: 'Manage what Azure’s own portal manages.' },
  { appId: wellKnownIds.azureKeyVault, text: 'Keep keys and secrets, and use them.' },
  { appId: wellKnownIds.azureStorage, text: 'Store blobs, files, queues and tables.' },
  { appId: wellKnownIds.azureDevOps, text: 'Work with repositories, builds and work items.' },
  { appId: wellKnownIds.businessCentral, text: 'Read and write the data of Business Central.' },
  { appId: wellKnownIds.financeAndOperations, text: 'Read and write the data of Finance and Operations.' },
  { appId: wellKnownIds.powerAutomate, text: 'Run and manage flows.' },
  { appId: wellKnownIds.powerApps, text: 'Manage apps and environments of Power Platform.' },
  { appId: wellKnownIds.powerBi, text: 'Work with datasets, reports and dashboards.' },
  { appId: wellKnownIds.sharePoint, text: 'Read and write sites, lists and files.' },
];

/** How an API is called under "APIs my organization uses", where that differs from its usual name. */
const organizationNames: Readonly<Record<string, readonly string[]>> = {
  [wellKnownIds.dynamicsCrm]: ['Common Data Service', 'Dataverse', 'Dynamics CRM'],
};

function chooseApi(visit: PortalVisit): PortalAnswer {
  const blade = `${applicationPath(visit.params.id ?? '', 'permissions')}/add`;
  const { apis: current } = tabs.find(({ apis }) => apis === visit.query.get('apis')) ?? tabs[0];
  const lists = { microsoft: commonApis, organization: organizationApis, mine: ownApis };
  return showBlade(visitApplication(visit), 'permissions', {
    title: requestTitle,
    body: html`<h2>Select an API</h2>
${tabBar(
  'Which APIs',
  tabs.map(({ apis, title }) => ({ title, path: `${blade}?apis=${apis}`, isCurrent: apis === current })),
)}
${lists[current](visit, blade)}`,
  });
}

function commonApis({ context, session }: PortalVisit, blade: string): Html {
  const found = microsoftApis.flatMap(({ appId, text }) => {
    const principal = findServicePrincipalByAppId(context.directory, session.tenant.id, appId);
    return principal ? [{ principal, text }] : [];
  });
  return html`<p>Commonly used Microsoft APIs. An API is here when the organization has its service.</p>
<ul class="tiles">${found.map(
    ({ principal, text }) =>
      html`<li><a href="${blade}/${principal.appId}"><strong>${principal.displayName}</strong>${text}</a></li>`,
  )}</ul>`;
}

function organizationApis({ context, session, query }: PortalVisit, blade: string): Html {
  const search = (query.get('search') ?? '').trim();
  const wanted = search.toLowerCase();
  const found = listServicePrincipals(context.directory, session.tenant.id)
    .filter((principal) => offeredPermissions(offeredBy(principal)).length > 0)
    .map(({ appId, displayName }) => ({ appId, names: organizationNames[appId] ?? [displayName] }))
    .filter(
      ({ appId, names }) => appId === wanted || names.some((name) => name.toLowerCase().includes(wanted)),
    );
  return html`<p>Services of your directory that offer permissions.</p>
<form class="search" role="search" action="${blade}"><input type="hidden" name="apis" value="organization">
<div class="field"><label for="search">API name or application (client) ID</label>
<input type="search" id="search" name="search" value="${search}"></div>
<button type="submit" class="secondary">Search</button></form>
${
  found.length === 0
    ? plainNotice(`No API of your organization is called "${search}".`)
    : apiTable(
        'APIs my organization uses',
        blade,
        found.map(({ appId, names }) => ({ appId, name: names[0] ?? appId })),
      )
}`;
}

function ownApis(visit: PortalVisit, blade: string): Html {
  const { context, session, caller } = visit;
  const found = listApplications(context.directory, session.tenant.id)
    .filter((application) => isApplicationManager(caller, context.directory, application))
    .filter(({ appId }) => offeredPermissions(findApi(visit, appId)).length > 0)
    .map(({ appId, displayName }) => ({ appId, name: displayName }));
  return found.length === 0
    ? plainNotice(
        'No application of yours offers permissions. Define them under "Expose an API" or "App roles".',
      )
    : html`<p>Applications of yours that offer permissions.</p>${apiTable('My APIs', blade, found)}`;
}

function apiTable(label: string, blade: string, apis: readonly { appId: string; name: string }[]): Html {
  return dataTable({
    label,
    columns: ['Name', 'Application (client) ID'],
    rows: apis
      .slice(0, mostRows)
      .map(({ appId, name }) => [html`<a href="${blade}/${appId}">${name}</a>`, appId]),
  });
}
