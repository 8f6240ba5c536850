import { html } from '../../web/html.ts';
import { copyable } from '../pages/form-parts.ts';
import { applicationPath } from '../pages/navigation.ts';
import type { PortalAnswer, PortalRoute, PortalVisit } from '../visit/portal-visit.ts';
import { showBlade, visitApplication } from './visit-application.ts';

/** "Endpoints": every address that a client of this application needs. */
export const endpointRoutes: PortalRoute[] = [
  { method: 'GET', path: applicationPath(':id', 'endpoints'), handle: showEndpoints },
];

function showEndpoints(visit: PortalVisit): PortalAnswer {
  return showBlade(visitApplication(visit), 'endpoints', {
    body: html`<p>Addresses of this local cloud. Those of v1 take <code>resource</code>, those of v2
<code>scope</code>.</p>
<div class="card"><dl>
${endpointsOf(visit).map(([title, address]) => html`<dt>${title}</dt><dd>${copyable(title, address)}</dd>`)}</dl></div>`,
  });
}

function endpointsOf({
  origins: { entra, graph },
  environments,
  session: { tenant },
}: PortalVisit): [string, string][] {
  const authority = `${entra}/${tenant.id}`;
  return [
    ['OAuth 2.0 authorization endpoint (v2)', `${authority}/oauth2/v2.0/authorize`],
    ['OAuth 2.0 token endpoint (v2)', `${authority}/oauth2/v2.0/token`],
    ['OAuth 2.0 authorization endpoint (v1)', `${authority}/oauth2/authorize`],
    ['OAuth 2.0 token endpoint (v1)', `${authority}/oauth2/token`],
    ['OAuth 2.0 device authorization endpoint (v2)', `${authority}/oauth2/v2.0/devicecode`],
    ['OpenID Connect metadata document', `${authority}/v2.0/.well-known/openid-configuration`],
    ['Admin consent endpoint (v2)', `${authority}/v2.0/adminconsent`],
    ['Microsoft Graph API endpoint', `${graph}/v1.0`],
    ...environments().map(({ name, origin }): [string, string] => [
      `Dynamics 365 Web API endpoint (${name})`,
      `${origin}/api/data/v9.2/`,
    ]),
    ['Authority URL (Accounts in this organizational directory only)', authority],
    ['Authority URL (Accounts in any organizational directory)', `${entra}/organizations`],
  ];
}
