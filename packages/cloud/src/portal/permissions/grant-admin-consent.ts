import { mayGrantRoles } from '../../entra/consent/administrator-roles.ts';
import { listedPermissions } from '../../entra/consent/permission-ask.ts';
import { recordConsent } from '../../entra/consent/record-consent.ts';
import { html } from '../../entra/pages/html.ts';
import { accessDenied } from '../../graph/graph-error.ts';
import { showBlade, visitApplication } from '../applications/visit-application.ts';
import { refusalOf } from '../graph/call-graph.ts';
import { formTokenField } from '../pages/form-parts.ts';
import { applicationPath } from '../pages/navigation.ts';
import { goTo, type PortalAnswer, type PortalRoute, type PortalVisit } from '../portal-visit.ts';
import { showPermissions } from './show-permissions.ts';

const path = `${applicationPath(':id', 'permissions')}/consent`;

/** "Grant admin consent", with the question before it. */
export const consentRoutes: PortalRoute[] = [
  { method: 'GET', path, handle: askForConsent },
  { method: 'POST', path, handle: grantAdminConsent },
];

function askForConsent(visit: PortalVisit): PortalAnswer {
  const visited = visitApplication(visit);
  const blade = applicationPath(visited.application.id, 'permissions');
  return showBlade(visited, 'permissions', {
    title: 'Grant admin consent confirmation',
    body: html`<p>Do you want to grant consent for the requested permissions for all accounts in
${visit.session.tenant.displayName}? Everything that is listed is granted; nobody is asked again for it.</p>
<form method="post" action="${blade}/consent">${formTokenField(visit)}
<div class="actions"><button type="submit">Yes</button><a class="button secondary" href="${blade}">No</a></div></form>`,
  });
}

/** Grants what is listed, application permissions included, as the admin consent page of Entra ID does. */
function grantAdminConsent(visit: PortalVisit): PortalAnswer {
  const { application } = visitApplication(visit);
  const { directory } = visit.context;
  const { tenant, user } = visit.session;
  const refusal = refusalOf(() => {
    const asks = listedPermissions(directory, tenant, application);
    if (!mayGrantRoles(user, asks)) throw accessDenied();
    recordConsent(directory, { application, user, asks, forOrganization: true, roles: 'granted' });
  });
  if (refusal) return showPermissions(visit, refusal);
  return goTo(`${applicationPath(application.id, 'permissions')}?done=granted`);
}
