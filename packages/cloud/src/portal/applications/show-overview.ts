import { listClientSecrets } from '../../directory/client-secrets.ts';
import { html } from '../../web/html.ts';
import { copyable, goodNotice } from '../pages/form-parts.ts';
import { applicationPath } from '../pages/navigation.ts';
import type { PortalAnswer, PortalRoute, PortalVisit } from '../visit/portal-visit.ts';
import { signInAudiences } from './sign-in-audiences.ts';
import { lookOnlyNotice, showBlade, visitApplication } from './visit-application.ts';

const doneTexts: Record<string, string> = {
  registered: 'The application was created. Note its Application (client) ID: it is needed to connect.',
  restored: 'The application was restored.',
};

/** "Overview": the ids that a connection needs, and the ways on. */
export const overviewRoutes: PortalRoute[] = [
  { method: 'GET', path: applicationPath(':id'), handle: showOverview },
];

function showOverview(visit: PortalVisit): PortalAnswer {
  const visited = visitApplication(visit);
  const { application } = visited;
  const { id, document } = application;
  const { tenant } = visit.session;
  const secrets = listClientSecrets(visit.context.directory, id).length;
  const certificates = document.keyCredentials.length;
  const redirectUris = [document.web, document.spa, document.publicClient].map(
    (platform) => platform.redirectUris.length,
  );
  const audience = signInAudiences(tenant.displayName).find(({ value }) => value === document.signInAudience);
  return showBlade(visited, 'overview', {
    title: application.displayName,
    body: html`${goodNotice(doneTexts[visit.query.get('done') ?? ''])}${lookOnlyNotice(visited)}
<div class="commands"><a class="button secondary" href="${applicationPath(id, 'endpoints')}">Endpoints</a>
${visited.mayManage ? html`<a class="button secondary" href="${applicationPath(id, 'delete')}">Delete</a>` : undefined}</div>
<h2>Essentials</h2>
<div class="card"><dl>
<dt>Display name</dt><dd>${application.displayName}</dd>
<dt>Application (client) ID</dt><dd id="client-id">${copyable('Application (client) ID', application.appId)}</dd>
<dt>Object ID</dt><dd>${copyable('Object ID', id)}</dd>
<dt>Directory (tenant) ID</dt><dd id="tenant-id">${copyable('Directory (tenant) ID', application.tenantId)}</dd>
<dt>Supported account types</dt><dd>${audience?.short ?? document.signInAudience}</dd>
<dt>Client credentials</dt><dd><a href="${applicationPath(id, 'secrets')}">${
      secrets + certificates === 0
        ? 'Add a certificate or secret'
        : `${certificates} certificate, ${secrets} secret`
    }</a></dd>
<dt>Redirect URIs</dt><dd><a href="${applicationPath(id, 'authentication')}">${
      redirectUris.some((count) => count > 0)
        ? `${redirectUris[0]} web, ${redirectUris[1]} spa, ${redirectUris[2]} public client`
        : 'Add a Redirect URI'
    }</a></dd>
<dt>Application ID URI</dt><dd><a href="${applicationPath(id, 'expose-an-api')}">${
      document.identifierUris[0] ?? 'Add an Application ID URI'
    }</a></dd>
</dl></div>
<h2>Next</h2>
<ul class="tiles">
<li><a href="${applicationPath(id, 'permissions')}"><strong>View API permissions</strong>Add Dynamics CRM, and grant
admin consent.</a></li>
<li><a href="${applicationPath(id, 'secrets')}"><strong>Certificates & secrets</strong>Make the client secret.</a></li>
<li><a href="${applicationPath(id, 'authentication')}"><strong>Authentication</strong>Redirect URIs and flows.</a></li>
</ul>`,
  });
}
