import { mayGrantRoles } from '../../directory/administrator-roles.ts';
import type { RequiredResourceAccess } from '../../directory/application-document.ts';
import type { Application } from '../../directory/applications.ts';
import { recordConsent } from '../../directory/record-consent.ts';
import { listedPermissions } from '../../entra/consent/listed-permissions.ts';
import { updateApplicationFromBody } from '../../graph/applications/update-application.ts';
import { accessDenied } from '../../graph/errors/graph-error.ts';
import { type Html, html } from '../../web/html.ts';
import { showBlade, visitApplication } from '../applications/visit-application.ts';
import { graphCall, refusalOf } from '../graph/call-graph.ts';
import { choice, formTokenField } from '../pages/form-parts.ts';
import { applicationPath } from '../pages/navigation.ts';
import { goTo, type PortalAnswer, type PortalRoute, type PortalVisit } from '../visit/portal-visit.ts';
import { type ListedPermission, listAskedPermissions, listOtherGrants } from './listed-permission.ts';
import { showPermissions } from './show-permissions.ts';
import { withdrawConsent } from './withdraw-consent.ts';

const path = `${applicationPath(':id', 'permissions')}/consent`;

/** "Grant admin consent", with the question before it, and taking it back. */
export const consentRoutes: PortalRoute[] = [
  { method: 'GET', path, handle: askForConsent },
  { method: 'POST', path, handle: grantAdminConsent },
  { method: 'POST', path: `${applicationPath(':id', 'permissions')}/revoke`, handle: revokeAdminConsent },
];

function askForConsent(visit: PortalVisit): PortalAnswer {
  const visited = visitApplication(visit);
  const blade = applicationPath(visited.application.id, 'permissions');
  const others = listOtherGrants(visit, visited.application);
  return showBlade(visited, 'permissions', {
    title: 'Grant admin consent confirmation',
    body: html`<p>Do you want to grant consent for the requested permissions for all accounts in
${visit.session.tenant.displayName}? Nobody is asked again for what is granted:</p>
${permissionList(listAskedPermissions(visit, visited.application))}
<form method="post" action="${blade}/consent">${formTokenField(visit)}${others.length > 0 ? whatOfOthers(others) : undefined}
<div class="actions"><button type="submit">Yes</button><a class="button secondary" href="${blade}">No</a></div></form>`,
  });
}

function whatOfOthers(others: readonly ListedPermission[]): Html {
  return html`<fieldset><legend>Other permissions were granted that are not configured. Keep them?</legend>
${permissionList(others)}
${choice({ type: 'radio', id: 'others-keep', name: 'others', value: 'keep', label: 'Yes, add other granted permissions to configured permissions', isChecked: true })}
${choice({ type: 'radio', id: 'others-remove', name: 'others', value: 'remove', label: 'No, remove other granted permissions' })}</fieldset>`;
}

function permissionList(permissions: readonly ListedPermission[]): Html {
  return html`<ul>${permissions.map(
    ({ resourceName, value, type }) =>
      html`<li>${resourceName}: <code>${value}</code> (${type.toLowerCase()})</li>`,
  )}</ul>`;
}

/** Grants what is listed, application permissions included, as the admin consent page of Entra ID does. */
function grantAdminConsent(visit: PortalVisit): PortalAnswer {
  const { directory } = visit.context;
  const { tenant, user } = visit.session;
  const refusal = refusalOf(() =>
    directory.transaction(() => {
      const { application } = visitApplication(visit);
      const others = listOtherGrants(visit, application);
      if (visit.form.get('others') === 'remove') {
        for (const permission of others) withdrawConsent(visit, application, permission);
      }
      if (visit.form.get('others') === 'keep') configure(visit, application, others);
      const present = visitApplication(visit).application;
      const requested = listedPermissions(directory, tenant, present);
      if (!mayGrantRoles(user, requested)) throw accessDenied();
      recordConsent(directory, {
        application: present,
        user,
        requested,
        forOrganization: true,
        roles: 'granted',
      });
    }),
  );
  if (refusal) return showPermissions(visit, refusal);
  return goTo(`${applicationPath(visit.params.id ?? '', 'permissions')}?done=granted`);
}

/** Lets the application ask for what it was granted already. */
function configure(visit: PortalVisit, application: Application, others: readonly ListedPermission[]): void {
  const known = others.filter(({ id }) => id !== '');
  if (known.length === 0) return;
  const byResource = new Map(
    application.document.requiredResourceAccess.map((entry) => [
      entry.resourceAppId,
      [...entry.resourceAccess],
    ]),
  );
  for (const { resourceAppId, id, type } of known) {
    const listed = byResource.get(resourceAppId) ?? [];
    byResource.set(resourceAppId, [...listed, { id, type: type === 'Delegated' ? 'Scope' : 'Role' }]);
  }
  const requiredResourceAccess = [...byResource].map(
    ([resourceAppId, resourceAccess]): RequiredResourceAccess => ({ resourceAppId, resourceAccess }),
  );
  updateApplicationFromBody(graphCall(visit, { body: { requiredResourceAccess } }));
}

function revokeAdminConsent(visit: PortalVisit): PortalAnswer {
  const { application } = visitApplication(visit);
  const [resourceAppId = '', value = '', id = ''] = ['resource', 'value', 'permission'].map((name) =>
    visit.form.get(name),
  );
  const type = visit.form.get('type') === 'Application' ? 'Application' : 'Delegated';
  const refusal = refusalOf(() => withdrawConsent(visit, application, { resourceAppId, type, value, id }));
  if (refusal) return showPermissions(visit, refusal);
  return goTo(`${applicationPath(application.id, 'permissions')}?done=revoked`);
}
