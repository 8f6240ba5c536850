import { wellKnownIds } from '@latchkey/microsoft';
import { findServicePrincipalByAppId, listServicePrincipals } from '../../directory/service-principals.ts';
import { type Html, html } from '../../entra/pages/html.ts';
import { showBlade, visitApplication } from '../applications/visit-application.ts';
import { dataTable } from '../pages/form-parts.ts';
import { applicationPath } from '../pages/navigation.ts';
import type { PortalAnswer, PortalRoute, PortalVisit } from '../portal-visit.ts';
import { offeredPermissions } from './offered-permission.ts';

/** The title of both steps of "Add a permission". */
export const requestTitle = 'Request API permissions';

/** "Add a permission": which API. */
export const chooseApiRoutes: PortalRoute[] = [
  { method: 'GET', path: `${applicationPath(':id', 'permissions')}/add`, handle: chooseApi },
];

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
];

/** How an API is called under "APIs my organization uses", where that differs from its usual name. */
const organizationNames: Readonly<Record<string, string>> = {
  [wellKnownIds.dynamicsCrm]: 'Common Data Service',
};

function chooseApi(visit: PortalVisit): PortalAnswer {
  const blade = `${applicationPath(visit.params.id ?? '', 'permissions')}/add`;
  const isOrganization = visit.query.get('apis') === 'organization';
  return showBlade(visitApplication(visit), 'permissions', {
    title: requestTitle,
    body: html`<h2>Select an API</h2>
<nav class="tabs" aria-label="Which APIs">
<a href="${blade}"${isOrganization ? undefined : html` aria-current="page"`}>Microsoft APIs</a>
<a href="${blade}?apis=organization"${isOrganization ? html` aria-current="page"` : undefined}>APIs my organization uses</a></nav>
${isOrganization ? organizationApis(visit, blade) : commonApis(visit, blade)}`,
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

function organizationApis({ context, session }: PortalVisit, blade: string): Html {
  const found = listServicePrincipals(context.directory, session.tenant.id).filter(
    (principal) => offeredPermissions(principal).length > 0,
  );
  return dataTable({
    label: 'APIs my organization uses',
    columns: ['Name', 'Application (client) ID'],
    rows: found.map(({ appId, displayName }) => [
      html`<a href="${blade}/${appId}">${organizationNames[appId] ?? displayName}</a>`,
      appId,
    ]),
  });
}
