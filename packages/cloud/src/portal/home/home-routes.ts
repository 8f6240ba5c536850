import { html } from '../../web/html.ts';
import { copyable } from '../pages/form-parts.ts';
import { registrationsPath } from '../pages/navigation.ts';
import { type PortalAnswer, type PortalRoute, type PortalVisit, showPage } from '../visit/portal-visit.ts';

/** The first page, and the directory's overview. */
export const homeRoutes: PortalRoute[] = [
  { method: 'GET', path: '/', handle: showHome },
  { method: 'GET', path: '/directory', handle: showDirectory },
];

function showHome({ session, context }: PortalVisit): PortalAnswer {
  return showPage({
    title: `Welcome, ${session.user.displayName}`,
    area: 'home',
    body: html`<p class="muted">The portal of the local Microsoft cloud, for development. Nothing here reaches Microsoft.</p>
<ul class="tiles">
<li><a href="/directory"><strong>Microsoft Entra ID</strong>Formerly Azure Active Directory: your directory, its
domain and its App registrations.</a></li>
<li><a href="${registrationsPath}"><strong>App registrations</strong>Register an application, choose its API
permissions, make its client secret.</a></li>
<li><a href="/users"><strong>Users</strong>Who can sign in here, with their roles, licences and conditions.</a></li>
<li><a href="/policies"><strong>Policies</strong>What was decided for everybody: consent, secrets, the life of tokens.</a></li>
<li><a href="/consent-requests"><strong>Admin consent requests</strong>What people asked the administrators for.</a></li>
<li><a href="/sign-ins"><strong>Sign-in log</strong>Who asked for tokens, what came of it, and why.</a></li>
<li><a href="/tokens"><strong>Issued tokens</strong>What is in each token, and for whom it was issued.</a></li>
<li><a href="/signing-keys"><strong>Signing keys</strong>The keys that tokens are checked with, and a new one.</a></li>
<li><a href="/faults"><strong>Faults</strong>Let requests fail on purpose.</a></li>
${
  context.movableClock
    ? html`<li><a href="/clock"><strong>Clock</strong>Move this cloud's time, to see tokens and secrets end.</a></li>`
    : undefined
}
</ul>`,
  });
}

function showDirectory({ session: { tenant }, environments }: PortalVisit): PortalAnswer {
  return showPage({
    title: `${tenant.displayName} | Overview`,
    area: 'directory',
    body: html`<div class="commands"><a class="button" href="${registrationsPath}">App registrations</a>
<a class="button secondary" href="/users">Users</a>
<a class="button secondary" href="/directories">Switch directory</a></div>
<h2>Basic information</h2>
<div class="card"><dl>
<dt>Name</dt><dd>${tenant.displayName}</dd>
<dt>Tenant ID</dt><dd>${copyable('Tenant ID', tenant.id)}</dd>
<dt>Primary domain</dt><dd>${copyable('Primary domain', tenant.domains[0] ?? '')}</dd>
${environments().map(
  ({ name, origin }) =>
    html`<dt>Dynamics 365: ${name}</dt><dd>${copyable(`address of ${name}`, origin)}</dd>`,
)}
<dt>Licence</dt><dd>Local Microsoft cloud, for development</dd>
</dl></div>
<p>Microsoft Entra ID was called Azure Active Directory. Applications that sign people in, or call an API such as
Dynamics CRM, are registered under <a href="${registrationsPath}">App registrations</a>.</p>`,
  });
}
