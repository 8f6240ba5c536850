import type { ApplicationDocument } from '../../directory/application-document.ts';
import { updateApplicationFromBody } from '../../graph/applications/update-application.ts';
import { type Html, html } from '../../web/html.ts';
import { graphCall, type Refusal, refusalOf } from '../graph/call-graph.ts';
import { staleRefusal, versionField } from '../http/stale-form.ts';
import { choice, formTokenField, goodNotice, refusalNotice, textField } from '../pages/form-parts.ts';
import { applicationPath } from '../pages/navigation.ts';
import { goTo, type PortalAnswer, type PortalRoute, type PortalVisit } from '../visit/portal-visit.ts';
import {
  isRedirectPlatform,
  missingPlatform,
  redirectPlatforms,
  redirectUriFields,
} from './redirect-platforms.ts';
import { lookOnlyNotice, showBlade, visitApplication } from './visit-application.ts';

const path = applicationPath(':id', 'authentication');
const maximumUrlLength = 255;

/** "Authentication": platforms with their redirect URIs, logout address, implicit and public client flows. */
export const authenticationRoutes: PortalRoute[] = [
  { method: 'GET', path, handle: (visit) => showAuthentication(visit) },
  { method: 'POST', path, handle: saveSettings },
  { method: 'POST', path: `${path}/add`, handle: addRedirectUri },
  { method: 'POST', path: `${path}/remove`, handle: removeRedirectUri },
];

function saveSettings(visit: PortalVisit): PortalAnswer {
  const { form } = visit;
  const stale = staleRefusal(visit, settingsOf(visitApplication(visit).application.document));
  if (stale) return showAuthentication(visit, stale);
  return change(visit, {
    web: {
      logoutUrl: form.get('logout') ?? null,
      implicitGrantSettings: {
        enableAccessTokenIssuance: form.has('implicit-access'),
        enableIdTokenIssuance: form.has('implicit-id'),
      },
    },
    isFallbackPublicClient: form.get('public') === 'yes',
  });
}

function addRedirectUri(visit: PortalVisit): PortalAnswer {
  const { document } = visitApplication(visit).application;
  const platform = visit.form.get('platform');
  if (!isRedirectPlatform(platform)) return showAuthentication(visit, missingPlatform);
  const uri = visit.form.get('uri')?.trim() ?? '';
  return change(visit, { [platform]: { redirectUris: [...document[platform].redirectUris, uri] } });
}

function removeRedirectUri(visit: PortalVisit): PortalAnswer {
  const { document } = visitApplication(visit).application;
  const platform = visit.form.get('platform');
  if (!isRedirectPlatform(platform)) return showAuthentication(visit, missingPlatform);
  const uri = visit.form.get('uri');
  return change(visit, {
    [platform]: { redirectUris: document[platform].redirectUris.filter((known) => known !== uri) },
  });
}

function change(visit: PortalVisit, body: object): PortalAnswer {
  const refusal = refusalOf(() => updateApplicationFromBody(graphCall(visit, { body })));
  if (refusal) return showAuthentication(visit, refusal);
  return goTo(`${applicationPath(visit.params.id ?? '', 'authentication')}?done=saved`);
}

function showAuthentication(visit: PortalVisit, refusal?: Refusal): PortalAnswer {
  const visited = visitApplication(visit);
  const { document } = visited.application;
  const typed = refusal ? (visit.form.get('uri') ?? '') : '';
  return showBlade(visited, 'authentication', {
    body: html`${refusalNotice(refusal)}${lookOnlyNotice(visited)}
${goodNotice(visit.query.get('done') === 'saved' ? 'The settings were saved.' : undefined)}
<h2>Platform configurations</h2>
<p>Entra ID sends its answers to the redirect URIs below, and to no others. A URI belongs to one platform.</p>
${redirectPlatforms.map((known) => platformCard(visit, { ...known, document, mayManage: visited.mayManage }))}
${
  visited.mayManage
    ? html`<h2>Add a redirect URI</h2>
<form method="post" action="${applicationPath(visited.application.id, 'authentication')}/add" class="card">${formTokenField(visit)}
${redirectUriFields({ platform: visit.form.get('platform') ?? 'web', uri: typed })}
<div class="actions"><button type="submit">Add URI</button></div></form>
${settingsForm(visit, document)}`
    : undefined
}`,
  });
}

function platformCard(
  visit: PortalVisit,
  {
    platform,
    title,
    hint,
    document,
    mayManage,
  }: (typeof redirectPlatforms)[number] & { document: ApplicationDocument; mayManage: boolean },
): Html {
  const { redirectUris } = document[platform];
  const action = `${applicationPath(visit.params.id ?? '', 'authentication')}/remove`;
  return html`<div class="card"><strong>${title}</strong><span class="hint">${hint}</span>
${
  redirectUris.length === 0
    ? html`<p class="muted">No redirect URIs.</p>`
    : html`<ul class="uris">${redirectUris.map(
        (uri) =>
          html`<li><code>${uri}</code>${
            mayManage
              ? html` <form method="post" action="${action}">${formTokenField(visit)}
<input type="hidden" name="platform" value="${platform}"><input type="hidden" name="uri" value="${uri}">
<button type="submit" class="copy">Remove<span class="visually-hidden"> ${uri}</span></button></form>`
              : undefined
          }</li>`,
      )}</ul>`
}</div>`;
}

/** What the settings form writes whole. */
function settingsOf({ web, isFallbackPublicClient }: ApplicationDocument): object {
  return [web.logoutUrl, web.implicitGrantSettings, isFallbackPublicClient];
}

function settingsForm(visit: PortalVisit, document: ApplicationDocument): Html {
  const { web, isFallbackPublicClient } = document;
  const { enableAccessTokenIssuance, enableIdTokenIssuance } = web.implicitGrantSettings;
  return html`<h2>Settings</h2>
<form method="post" action="${applicationPath(visit.params.id ?? '', 'authentication')}" class="card">${formTokenField(visit)}${versionField(settingsOf(document))}
${textField({
  id: 'logout',
  label: 'Front-channel logout URL',
  hint: "Where Entra ID asks the application to clear a person's session.",
  value: web.logoutUrl ?? '',
  maximumLength: maximumUrlLength,
  placeholder: 'e.g. https://example.com/logout',
})}
<fieldset><legend>Implicit grant and hybrid flows</legend>
<span class="hint">Tokens straight from the authorization endpoint. Not needed with the authorization code flow.</span>
${choice({ type: 'checkbox', id: 'implicit-access', name: 'implicit-access', label: 'Access tokens (used for implicit flows)', isChecked: enableAccessTokenIssuance })}
${choice({ type: 'checkbox', id: 'implicit-id', name: 'implicit-id', label: 'ID tokens (used for implicit and hybrid flows)', isChecked: enableIdTokenIssuance })}</fieldset>
<fieldset><legend>Allow public client flows</legend>
<span class="hint">Device code flow, and name and password, without a client secret.</span>
${choice({ type: 'radio', id: 'public-yes', name: 'public', value: 'yes', label: 'Yes', isChecked: isFallbackPublicClient === true })}
${choice({ type: 'radio', id: 'public-no', name: 'public', value: 'no', label: 'No', isChecked: isFallbackPublicClient !== true })}</fieldset>
<div class="actions"><button type="submit">Save</button></div></form>`;
}
