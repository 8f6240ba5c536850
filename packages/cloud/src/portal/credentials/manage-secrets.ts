import { type ClientSecret, listClientSecrets } from '../../directory/client-secrets.ts';
import { removePassword } from '../../graph/applications/password-operations.ts';
import { type Html, html } from '../../web/html.ts';
import { visitApplication } from '../applications/visit-application.ts';
import { graphCall, type Refusal, refusalOf } from '../graph/call-graph.ts';
import { askedButton, copyable, dataTable, plainNotice } from '../pages/form-parts.ts';
import { applicationPath } from '../pages/navigation.ts';
import type { FreshSecret } from '../visit/fresh-secrets.ts';
import { goTo, type PortalAnswer, type PortalRoute, type PortalVisit } from '../visit/portal-visit.ts';
import { credentialsPath, expiry, showCredentials } from './show-credentials.ts';

const path = applicationPath(':id', 'secrets');

/** "Certificates & secrets", the tab "Client secrets". */
export const secretRoutes: PortalRoute[] = [
  { method: 'GET', path, handle: (visit) => showSecrets(visit) },
  { method: 'POST', path: `${path}/remove`, handle: removeSecret },
];

function removeSecret(visit: PortalVisit): PortalAnswer {
  const refusal = refusalOf(() =>
    removePassword(graphCall(visit, { body: { keyId: visit.form.get('key') ?? '' } })),
  );
  if (refusal) return showSecrets(visit, refusal);
  return goTo(`${credentialsPath(visit.params.id ?? '', 'secrets')}?done=secret-removed`);
}

function showSecrets(visit: PortalVisit, refusal?: Refusal): PortalAnswer {
  const visited = visitApplication(visit);
  const { id } = visited.application;
  const { directory, freshSecrets } = visit.context;
  const secrets = listClientSecrets(directory, id);
  const fresh = freshSecrets.take(visit.session.id, id);
  const { mayManage } = visited;
  return showCredentials(visit, visited, {
    kind: 'secrets',
    refusal,
    body: html`${
      fresh &&
      html`<p class="notice note" role="status">Copy the new client secret's <strong>Value</strong> now. It can't be shown
again once you leave this page.</p>`
    }
<p>A secret string that the application uses to prove who it is when it asks for a token. Also called application
password.</p>
${mayManage ? html`<div class="commands"><a class="button" href="${credentialsPath(id, 'secrets')}/new">New client secret</a></div>` : undefined}
${
  secrets.length === 0
    ? plainNotice('No client secrets have been created for this application.')
    : secretTable(visit, { secrets, fresh, mayManage })
}`,
  });
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
  const action = `${credentialsPath(visit.params.id ?? '', 'secrets')}/remove`;
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
      mayManage
        ? askedButton(visit, {
            label: 'Delete',
            name: displayName ?? keyId,
            action,
            fields: { key: keyId },
            warning: 'Whoever uses it is let in no more.',
            answer: 'Yes, delete',
          })
        : '',
    ]),
  });
}
