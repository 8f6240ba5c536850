import { wellKnownIds, wellKnownScopes } from '@latchkey/microsoft';
import { findApplication } from '../../directory/applications.ts';
import { installApplication } from '../../directory/install-application.ts';
import { createApplicationFromBody } from '../../graph/applications/create-application.ts';
import { type Html, html } from '../../web/html.ts';
import { answeredText, graphCall, type Refusal, refusalOf } from '../graph/call-graph.ts';
import { choice, formTokenField, refusalNotice } from '../pages/form-parts.ts';
import { applicationPath, registrationsPath } from '../pages/navigation.ts';
import {
  goTo,
  type PortalAnswer,
  type PortalRoute,
  type PortalVisit,
  showPage,
} from '../visit/portal-visit.ts';
import { isRedirectPlatform, missingPlatform, redirectUriFields } from './redirect-platforms.ts';
import { signInAudiences } from './sign-in-audiences.ts';

const path = `${registrationsPath}/new`;

/** "New registration". */
export const registerRoutes: PortalRoute[] = [
  { method: 'GET', path, handle: (visit) => showForm(visit) },
  { method: 'POST', path, handle: register },
];

/** What the portal, unlike Graph, asks for in every new registration. */
const signInPermission = {
  resourceAppId: wellKnownIds.microsoftGraph,
  resourceAccess: [{ id: wellKnownScopes.microsoftGraph['User.Read'].id, type: 'Scope' }],
};

/** Makes the application with the permission to sign people in, and, unlike Graph, its service principal. */
function register(visit: PortalVisit): PortalAnswer {
  const { form, context, session } = visit;
  const platform = form.get('platform');
  const uri = form.get('uri');
  if (uri !== undefined && !isRedirectPlatform(platform)) return showForm(visit, missingPlatform);
  let id = '';
  const refusal = refusalOf(() =>
    context.directory.transaction(() => {
      const created = createApplicationFromBody(
        graphCall(visit, {
          body: {
            displayName: form.get('name')?.trim() ?? '',
            signInAudience: form.get('audience') ?? 'AzureADMyOrg',
            requiredResourceAccess: [signInPermission],
            ...(uri !== undefined &&
              platform !== undefined && { [platform]: { redirectUris: [uri.trim()] } }),
          },
        }),
      );
      id = answeredText(created, 'id');
      const application = findApplication(context.directory, session.tenant.id, id);
      if (application) installApplication(context.directory, session.tenant.id, application);
    }),
  );
  return refusal ? showForm(visit, refusal) : goTo(`${applicationPath(id)}?done=registered`);
}

function showForm(visit: PortalVisit, refusal?: Refusal): PortalAnswer {
  const { form, session } = visit;
  return showPage({
    title: 'Register an application',
    area: 'registrations',
    trail: [
      { title: 'Home', path: '/' },
      { title: 'App registrations', path: registrationsPath },
    ],
    body: html`${refusalNotice(refusal)}
<form method="post" action="${path}" class="card">${formTokenField(visit)}
<div class="field"><label for="name">Name</label>
<span class="hint" id="name-hint">The user-facing display name for this application (this can be changed later).</span>
<input type="text" id="name" name="name" required maxlength="120" value="${form.get('name') ?? ''}" autocomplete="off"
 aria-describedby="name-hint"></div>
<fieldset><legend>Supported account types</legend>
<span class="hint">Who can use this application or access this API?</span>
${signInAudiences(session.tenant.displayName).map(({ value, label }) =>
  choice({
    type: 'radio',
    id: value,
    name: 'audience',
    value,
    label,
    isChecked: value === (form.get('audience') ?? 'AzureADMyOrg'),
  }),
)}
${helpMeChoose}</fieldset>
<fieldset><legend>Redirect URI (optional)</legend>
<span class="hint">Entra ID returns the answer to this address after signing the person in. It can be changed later,
but most sign-ins need one.</span>
${redirectUriFields({ platform: form.get('platform') ?? 'web', uri: form.get('uri') ?? '' })}</fieldset>
<div class="actions"><button type="submit">Register</button>
<a class="button secondary" href="${registrationsPath}">Cancel</a></div></form>`,
  });
}

const helpMeChoose: Html = html`<details><summary>Help me choose...</summary>
<p><strong>Single tenant</strong>: everybody with an account in this directory, guests included. Choose it for an
application of your own organization, such as an integration with its Dynamics 365.</p>
<p><strong>Multitenant</strong>: everybody with a work or school account of any organization. Choose it for an
application that other organizations use, too.</p>
<p><strong>Multitenant and personal accounts</strong>: the same, and people with a personal Microsoft account.</p>
<p><strong>Personal accounts only</strong>: no work or school accounts; such an application can't reach Dynamics 365.</p>
</details>`;
