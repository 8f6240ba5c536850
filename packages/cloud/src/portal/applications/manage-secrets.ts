import type { KeyCredential } from '../../directory/application-document.ts';
import { type ClientSecret, listClientSecrets } from '../../directory/client-secrets.ts';
import { type Html, html } from '../../entra/pages/html.ts';
import { addPassword, removePassword } from '../../graph/applications/password-operations.ts';
import { answeredText, graphCall, type Refusal, refusalOf } from '../graph/call-graph.ts';
import {
  choice,
  copyable,
  dataTable,
  formatDay,
  formTokenField,
  goodNotice,
  plainNotice,
  refusalNotice,
} from '../pages/form-parts.ts';
import { applicationPath } from '../pages/navigation.ts';
import { goTo, type PortalAnswer, type PortalRoute, type PortalVisit } from '../portal-visit.ts';
import { chooseSecretPeriod, secretLifetimes } from './client-secret-lifetimes.ts';
import type { FreshSecret } from './fresh-secrets.ts';
import { lookOnlyNotice, showBlade, visitApplication } from './visit-application.ts';

const path = applicationPath(':id', 'secrets');

/** "Certificates & secrets". */
export const secretRoutes: PortalRoute[] = [
  { method: 'GET', path, handle: (visit) => showSecrets(visit) },
  { method: 'POST', path, handle: addSecret },
  { method: 'POST', path: `${path}/remove`, handle: removeSecret },
];

function addSecret(visit: PortalVisit): PortalAnswer {
  const { form, context, session } = visit;
  const { application } = visitApplication(visit);
  const period = chooseSecretPeriod(
    {
      lifetime: form.get('lifetime') ?? '',
      start: form.get('start') ?? '',
      end: form.get('end') ?? '',
    },
    context.clock.now(),
  );
  if ('refusal' in period) return showSecrets(visit, period.refusal);
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
  return refusal ? showSecrets(visit, refusal) : goTo(applicationPath(application.id, 'secrets'));
}

function removeSecret(visit: PortalVisit): PortalAnswer {
  const refusal = refusalOf(() =>
    removePassword(graphCall(visit, { body: { keyId: visit.form.get('key') ?? '' } })),
  );
  if (refusal) return showSecrets(visit, refusal);
  return goTo(`${applicationPath(visit.params.id ?? '', 'secrets')}?done=removed`);
}

function showSecrets(visit: PortalVisit, refusal?: Refusal): PortalAnswer {
  const visited = visitApplication(visit);
  const { id } = visited.application;
  const { directory, freshSecrets } = visit.context;
  const secrets = listClientSecrets(directory, id);
  const fresh = freshSecrets.take(visit.session.id, id);
  return showBlade(visited, 'secrets', {
    body: html`${refusalNotice(refusal)}${lookOnlyNotice(visited)}
${goodNotice(visit.query.get('done') === 'removed' ? 'The client secret was deleted.' : undefined)}
${
  fresh &&
  html`<p class="notice note" role="status">Copy the new client secret's <strong>Value</strong> now. It can't be shown
again once you leave this page.</p>`
}
<p>Credentials let an application prove who it is when it asks for tokens. Keep them as you keep passwords.</p>
<h2>Client secrets (${String(secrets.length)})</h2>
${
  secrets.length === 0
    ? plainNotice('No client secrets have been created for this application.')
    : secretTable(visit, { secrets, fresh, mayManage: visited.mayManage })
}
${visited.mayManage ? newSecretForm(visit) : undefined}
${certificates(visited.application.document.keyCredentials, visit.context.clock.now())}`,
  });
}

function certificates(keys: readonly KeyCredential[], now: number): Html {
  return html`<h2>Certificates (${String(keys.length)})</h2>
<p class="muted">Certificates come and go through Microsoft Graph, as <code>keyCredentials</code> of the application.</p>
${
  keys.length === 0
    ? undefined
    : dataTable({
        label: 'Certificates',
        columns: ['Description', 'Thumbprint', 'Start date', 'Expires', 'Certificate ID'],
        rows: keys.map(({ keyId, displayName, customKeyIdentifier, startDateTime, endDateTime }) => [
          displayName ?? '-',
          html`<span class="value">${customKeyIdentifier}</span>`,
          formatDay(Date.parse(startDateTime)),
          expiry(Date.parse(endDateTime), now),
          copyable('Certificate ID', keyId),
        ]),
      })
}`;
}

function expiry(endAt: number, now: number): Html | string {
  if (endAt > now) return formatDay(endAt);
  return html`${formatDay(endAt)} <strong class="ungranted">Expired</strong>`;
}

function secretTable(
  visit: PortalVisit,
  {
    secrets,
    fresh,
    mayManage,
  }: { secrets: readonly ClientSecret[]; fresh: FreshSecret | undefined; mayManage: boolean },
): Html {
  const now = visit.context.clock.now();
  return dataTable({
    label: 'Client secrets',
    columns: ['Description', 'Expires', 'Value', 'Secret ID', 'Actions'],
    rows: secrets.map(({ keyId, displayName, endAt, hint }) => [
      displayName ?? '-',
      expiry(endAt, now),
      fresh?.keyId === keyId
        ? html`<span id="new-secret">${copyable('Value', fresh.secretText)}</span>`
        : `${hint}******************`,
      copyable('Secret ID', keyId),
      mayManage ? deleteButton(visit, { keyId, name: displayName ?? keyId }) : '',
    ]),
  });
}

function deleteButton(visit: PortalVisit, { keyId, name }: { keyId: string; name: string }): Html {
  const action = `${applicationPath(visit.params.id ?? '', 'secrets')}/remove`;
  return html`<details><summary>Delete<span class="visually-hidden"> ${name}</span></summary>
<form method="post" action="${action}">${formTokenField(visit)}<input type="hidden" name="key" value="${keyId}">
<p>Whoever uses it is let in no more.</p><button type="submit" class="danger">Yes, delete</button></form></details>`;
}

function newSecretForm(visit: PortalVisit): Html {
  const { form } = visit;
  const chosen = form.get('lifetime') ?? String(secretLifetimes[0]?.days);
  return html`<h2>New client secret</h2>
<form method="post" action="${applicationPath(visit.params.id ?? '', 'secrets')}" class="card">${formTokenField(visit)}
<div class="field"><label for="description">Description</label>
<input type="text" id="description" name="description" maxlength="120" autocomplete="off" value="${form.get('description') ?? ''}"></div>
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
${choice({ type: 'radio', id: 'days-custom', name: 'lifetime', value: 'custom', label: 'Custom, with the days below', isChecked: chosen === 'custom' })}</fieldset>
<div class="field"><label for="start">Start (custom)</label>
<input type="date" id="start" name="start" value="${form.get('start') ?? ''}"></div>
<div class="field"><label for="end">End (custom)</label>
<input type="date" id="end" name="end" value="${form.get('end') ?? ''}"></div>
<div class="actions"><button type="submit">Add</button></div></form>`;
}
