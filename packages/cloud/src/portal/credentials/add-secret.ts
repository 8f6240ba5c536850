import { addPassword } from '../../graph/applications/password-operations.ts';
import { html } from '../../web/html.ts';
import { lookOnlyNotice, showBlade, visitApplication } from '../applications/visit-application.ts';
import { answeredText, graphCall, type Refusal, refusalOf } from '../graph/call-graph.ts';
import { choice, formTokenField, refusalNotice, textField } from '../pages/form-parts.ts';
import { applicationPath } from '../pages/navigation.ts';
import { goTo, type PortalAnswer, type PortalRoute, type PortalVisit } from '../visit/portal-visit.ts';
import { chooseSecretPeriod, secretLifetimes } from './client-secret-lifetimes.ts';
import { credentialsPath } from './show-credentials.ts';

const path = `${applicationPath(':id', 'secrets')}/new`;
const maximumNameLength = 120;

/** "New client secret". */
export const addSecretRoutes: PortalRoute[] = [
  { method: 'GET', path, handle: (visit) => askForSecret(visit) },
  { method: 'POST', path, handle: addSecret },
];

function addSecret(visit: PortalVisit): PortalAnswer {
  const { form, context, session } = visit;
  const { application } = visitApplication(visit);
  const [lifetime = '', start = '', end = ''] = ['lifetime', 'start', 'end'].map((name) => form.get(name));
  const period = chooseSecretPeriod({ lifetime, start, end }, context.clock.now());
  if ('refusal' in period) return askForSecret(visit, period.refusal);
  const refusal = refusalOf(() => {
    const answer = addPassword(
      graphCall(visit, {
        body: {
          passwordCredential: {
            displayName: form.get('description') ?? null,
            startDateTime: new Date(period.startAt).toISOString(),
            endDateTime: new Date(period.endAt).toISOString(),
          },
        },
      }),
    );
    context.freshSecrets.put(session.id, {
      applicationId: application.id,
      keyId: answeredText(answer, 'keyId'),
      secretText: answeredText(answer, 'secretText'),
    });
  });
  return refusal ? askForSecret(visit, refusal) : goTo(credentialsPath(application.id, 'secrets'));
}

function askForSecret(visit: PortalVisit, refusal?: Refusal): PortalAnswer {
  const { form } = visit;
  const visited = visitApplication(visit);
  const blade = credentialsPath(visited.application.id, 'secrets');
  const chosen = form.get('lifetime') ?? String(secretLifetimes[0]?.days);
  return showBlade(visited, 'secrets', {
    title: 'Add a client secret',
    body: html`${refusalNotice(refusal)}${lookOnlyNotice(visited)}
<form method="post" action="${blade}/new" class="card">${formTokenField(visit)}
${textField({
  id: 'description',
  label: 'Description',
  hint: 'What the secret is for; it may stay empty.',
  value: form.get('description'),
  maximumLength: maximumNameLength,
})}
<fieldset><legend>Expires</legend>
${secretLifetimes.map(({ days, title }) =>
  choice({
    type: 'radio',
    id: `days-${days}`,
    name: 'lifetime',
    value: String(days),
    label: title,
    isChecked: chosen === String(days),
  }),
)}
${choice({ type: 'radio', id: 'days-custom', name: 'lifetime', value: 'custom', label: 'Custom', isChecked: chosen === 'custom' })}</fieldset>
<div class="custom-days">${textField({ id: 'start', label: 'Start', type: 'date', value: form.get('start') })}
${textField({ id: 'end', label: 'End', type: 'date', value: form.get('end') })}</div>
<div class="actions"><button type="submit">Add</button><a class="button secondary" href="${blade}">Cancel</a></div></form>`,
  });
}
