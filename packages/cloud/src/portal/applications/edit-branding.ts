import type { Application } from '../../directory/applications.ts';
import { updateApplicationFromBody } from '../../graph/applications/update-application.ts';
import { html } from '../../web/html.ts';
import { graphCall, type Refusal, refusalOf } from '../graph/call-graph.ts';
import { staleRefusal, versionField } from '../http/stale-form.ts';
import { formTokenField, goodNotice, refusalNotice, textField } from '../pages/form-parts.ts';
import { applicationPath } from '../pages/navigation.ts';
import { goTo, type PortalAnswer, type PortalRoute, type PortalVisit } from '../visit/portal-visit.ts';
import { lookOnlyNotice, showBlade, visitApplication } from './visit-application.ts';

const path = applicationPath(':id', 'branding');
const maximumNameLength = 120;
const maximumTextLength = 1024;

/** "Branding & properties": what people see of the application. */
export const brandingRoutes: PortalRoute[] = [
  { method: 'GET', path, handle: (visit) => showBranding(visit) },
  { method: 'POST', path, handle: saveBranding },
];

function saveBranding(visit: PortalVisit): PortalAnswer {
  const { form } = visit;
  const stale = staleRefusal(visit, brandingOf(visitApplication(visit).application));
  if (stale) return showBranding(visit, stale);
  const [home, terms, privacy] = ['home', 'terms', 'privacy'].map((name) => form.get(name)?.trim() ?? null);
  const wrong = [home, terms, privacy].find((address) => address && !/^https?:\/\/\S+$/.test(address));
  if (wrong) return showBranding(visit, { message: `'${wrong}' is no address that begins with https://.` });
  const body = {
    displayName: form.get('name')?.trim() ?? '',
    web: { homePageUrl: home },
    info: { termsOfServiceUrl: terms, privacyStatementUrl: privacy },
    notes: form.get('notes') ?? null,
  };
  const refusal = refusalOf(() => updateApplicationFromBody(graphCall(visit, { body })));
  if (refusal) return showBranding(visit, refusal);
  return goTo(`${applicationPath(visit.params.id ?? '', 'branding')}?done=saved`);
}

/** What the form writes whole. */
function brandingOf({ displayName, document: { web, info, notes } }: Application) {
  return {
    name: displayName,
    home: web.homePageUrl ?? '',
    terms: info.termsOfServiceUrl ?? '',
    privacy: info.privacyStatementUrl ?? '',
    notes: notes ?? '',
  };
}

function showBranding(visit: PortalVisit, refusal?: Refusal): PortalAnswer {
  const visited = visitApplication(visit);
  const present = brandingOf(visited.application);
  const shown = (name: keyof typeof present) => (refusal ? (visit.form.get(name) ?? '') : present[name]);
  const address = (id: 'home' | 'terms' | 'privacy', label: string) =>
    textField({ id, label, type: 'url', value: shown(id), placeholder: 'e.g. https://example.com' });
  const { id, document } = visited.application;
  return showBlade(visited, 'branding', {
    body: html`${refusalNotice(refusal)}${lookOnlyNotice(visited)}
${goodNotice(visit.query.get('done') === 'saved' ? 'The properties were saved.' : undefined)}
<form method="post" action="${applicationPath(id, 'branding')}" class="card">${formTokenField(visit)}${versionField(present)}
${textField({ id: 'name', label: 'Name', hint: 'People see it when they are asked for consent.', value: shown('name'), isRequired: true, maximumLength: maximumNameLength })}
${address('home', 'Home page URL')}
${address('terms', 'Terms of service URL')}
${address('privacy', 'Privacy statement URL')}
${textField({ id: 'notes', label: 'Internal note', value: shown('notes'), maximumLength: maximumTextLength })}
<dl><dt>Publisher domain</dt><dd>${document.publisherDomain ?? 'Unverified'}</dd></dl>
${visited.mayManage ? html`<div class="actions"><button type="submit">Save</button></div>` : undefined}</form>`,
  });
}
