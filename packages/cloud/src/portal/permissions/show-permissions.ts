import { mayConsentForOrganization } from '../../directory/administrator-roles.ts';
import type { Application } from '../../directory/applications.ts';
import { updateApplicationFromBody } from '../../graph/applications/update-application.ts';
import { type Html, html } from '../../web/html.ts';
import { lookOnlyNotice, showBlade, visitApplication } from '../applications/visit-application.ts';
import { graphCall, type Refusal, refusalOf } from '../graph/call-graph.ts';
import {
  askedButton,
  dataTable,
  formTokenField,
  goodNotice,
  plainNotice,
  refusalNotice,
} from '../pages/form-parts.ts';
import { applicationPath } from '../pages/navigation.ts';
import { goTo, type PortalAnswer, type PortalRoute, type PortalVisit } from '../visit/portal-visit.ts';
import { fieldOf } from './choose-permissions.ts';
import { type ListedPermission, listAskedPermissions, listOtherGrants } from './listed-permission.ts';

const path = applicationPath(':id', 'permissions');

const doneTexts: Record<string, string> = {
  added: 'The permissions were added. They count once they are granted.',
  removed: 'The permission was removed from the list. What was granted stays granted.',
  revoked: 'The admin consent was taken back. Tokens that were issued live on until they end.',
  granted: 'Successfully granted admin consent for the requested permissions.',
};

/** "API permissions": what the application asks for, and whether it was granted. */
export const permissionRoutes: PortalRoute[] = [
  { method: 'GET', path, handle: (visit) => showPermissions(visit) },
  { method: 'POST', path: `${path}/remove`, handle: removePermission },
];

function removePermission(visit: PortalVisit): PortalAnswer {
  const { document } = visitApplication(visit).application;
  const [resourceAppId, id] = [visit.form.get('resource'), visit.form.get('permission')];
  const requiredResourceAccess = document.requiredResourceAccess
    .map((entry) =>
      entry.resourceAppId === resourceAppId
        ? { ...entry, resourceAccess: entry.resourceAccess.filter((access) => access.id !== id) }
        : entry,
    )
    .filter((entry) => entry.resourceAccess.length > 0);
  const refusal = refusalOf(() =>
    updateApplicationFromBody(graphCall(visit, { body: { requiredResourceAccess } })),
  );
  if (refusal) return showPermissions(visit, refusal);
  return goTo(`${applicationPath(visit.params.id ?? '', 'permissions')}?done=removed`);
}

/** Shows the list; also where granting was refused. */
export function showPermissions(visit: PortalVisit, refusal?: Refusal): PortalAnswer {
  const visited = visitApplication(visit);
  const { application } = visited;
  const listed = listAskedPermissions(visit, application);
  const others = listOtherGrants(visit, application);
  return showBlade(visited, 'permissions', {
    body: html`${refusalNotice(refusal)}${lookOnlyNotice(visited)}
${goodNotice(doneTexts[visit.query.get('done') ?? ''])}
<p>Applications may call APIs once people or administrators granted them permission. The list should hold all that the
application needs.</p>
${commands(visit, { application, mayManage: visited.mayManage, isEmpty: listed.length + others.length === 0 })}
<h2>Configured permissions</h2>
${
  listed.length === 0
    ? plainNotice('No permissions added.')
    : dataTable({
        label: 'Configured permissions',
        columns: ['API', 'Permission', 'Type', 'Description', 'Admin consent required', 'Status', 'Actions'],
        rows: listed.map((permission) => row(visit, permission, visited.mayManage)),
      })
}
${others.length > 0 ? otherGrants(visit, others, visited.mayManage) : undefined}`,
  });
}

function commands(
  visit: PortalVisit,
  { application, mayManage, isEmpty }: { application: Application; mayManage: boolean; isEmpty: boolean },
): Html {
  const { tenant, user } = visit.session;
  const blade = applicationPath(application.id, 'permissions');
  const mayConsent = mayConsentForOrganization(user);
  const grant = `Grant admin consent for ${tenant.displayName}`;
  return html`<div class="commands">
${mayManage ? html`<a class="button" href="${blade}/add">Add a permission</a>` : undefined}
${
  mayConsent && !isEmpty
    ? html`<a class="button secondary" href="${blade}/consent">${grant}</a>`
    : html`<button type="button" disabled aria-describedby="no-consent">${grant}</button>
<span class="hint" id="no-consent">${
        mayConsent
          ? 'There is nothing to grant yet.'
          : `Only administrators can grant admin consent, and ${user.userPrincipalName} is none. Ask a Global, Privileged Role, Application or Cloud Application Administrator.`
      }</span>`
}</div>`;
}

function row(visit: PortalVisit, permission: ListedPermission, mayManage: boolean): (Html | string)[] {
  const { resourceName, value, type, description, needsAdministrator } = permission;
  return [
    resourceName,
    value,
    type,
    description,
    needsAdministrator ? 'Yes' : 'No',
    statusOf(permission, visit.session.tenant.displayName),
    html`${
      mayManage
        ? html`<form method="post" action="${applicationPath(visit.params.id ?? '', 'permissions')}/remove">${formTokenField(visit)}
<input type="hidden" name="resource" value="${permission.resourceAppId}">
<input type="hidden" name="permission" value="${permission.id}">
<button type="submit" class="secondary">Remove<span class="visually-hidden"> ${value}</span></button></form>`
        : undefined
    }${permission.isGranted ? revokeButton(visit, permission) : undefined}`,
  ];
}

function statusOf({ isGranted, people }: ListedPermission, tenantName: string): Html {
  if (isGranted) return html`<span class="granted">Granted for ${tenantName}</span>`;
  if (people > 0) {
    return html`<span class="granted">Granted for ${String(people)} ${people === 1 ? 'user' : 'users'}</span>`;
  }
  return html`<span class="ungranted">Not granted for ${tenantName}</span>`;
}

function revokeButton(
  visit: PortalVisit,
  { resourceAppId, id, value, type }: ListedPermission,
): Html | undefined {
  if (!mayConsentForOrganization(visit.session.user)) return undefined;
  return askedButton(visit, {
    label: 'Revoke admin consent',
    name: value,
    action: `${applicationPath(visit.params.id ?? '', 'permissions')}/revoke`,
    fields: { resource: resourceAppId, permission: id, value, type },
    warning: 'New tokens come without it, unless people consent for themselves.',
    answer: 'Yes, remove',
  });
}

/** What is granted and not asked for, with the ways to set that right. */
function otherGrants(visit: PortalVisit, others: readonly ListedPermission[], mayManage: boolean): Html {
  const tenantName = visit.session.tenant.displayName;
  const blade = applicationPath(visit.params.id ?? '', 'permissions');
  return html`<h2>Other permissions granted for ${tenantName}</h2>
<p>These were granted for ${tenantName} and are not among the configured permissions. If the application needs them, add
them to the configured permissions.</p>
${dataTable({
  label: `Other permissions granted for ${tenantName}`,
  columns: ['API', 'Permission', 'Type', 'Description', 'Actions'],
  rows: others.map((permission) => [
    permission.resourceName,
    permission.value,
    permission.type,
    permission.description,
    html`${
      mayManage && permission.id !== ''
        ? html`<form method="post" action="${blade}/add/${permission.resourceAppId}">${formTokenField(visit)}
<input type="hidden" name="${fieldOf(permission.type === 'Delegated' ? 'Scope' : 'Role', permission.id)}" value="on">
<button type="submit" class="secondary">Add<span class="visually-hidden"> ${permission.value} to configured permissions</span></button></form>`
        : undefined
    }${revokeButton(visit, permission)}`,
  ]),
})}`;
}
