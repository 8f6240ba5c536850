import type { FederatedIdentityCredential } from '../../directory/application-document.ts';
import {
  createCredential,
  deleteCredential,
  updateCredential,
} from '../../graph/applications/federated-credential-operations.ts';
import { resourceNotFound } from '../../graph/errors/graph-error.ts';
import { type Html, html } from '../../web/html.ts';
import {
  lookOnlyNotice,
  showBlade,
  type VisitedApplication,
  visitApplication,
} from '../applications/visit-application.ts';
import { graphCall, type Refusal, refusalOf } from '../graph/call-graph.ts';
import { staleRefusal, versionField } from '../http/stale-form.ts';
import {
  askedButton,
  dataTable,
  formTokenField,
  plainNotice,
  refusalNotice,
  textField,
} from '../pages/form-parts.ts';
import { applicationPath } from '../pages/navigation.ts';
import { goTo, type PortalAnswer, type PortalRoute, type PortalVisit } from '../visit/portal-visit.ts';
import { credentialsPath, showCredentials } from './show-credentials.ts';

const path = `${applicationPath(':id', 'secrets')}/federated`;
const usualAudience = 'api://AzureADTokenExchange';
const maximumNameLength = 120;
const maximumTextLength = 600;

/** "Certificates & secrets", the tab "Federated credentials": whose tokens stand for the application's own. */
export const federatedCredentialRoutes: PortalRoute[] = [
  { method: 'GET', path, handle: (visit) => showFederatedCredentials(visit) },
  { method: 'GET', path: `${path}/new`, handle: (visit) => showForm(visit) },
  { method: 'POST', path: `${path}/new`, handle: addFederatedCredential },
  { method: 'GET', path: `${path}/:credential`, handle: (visit) => showForm(visit) },
  { method: 'POST', path: `${path}/:credential`, handle: saveFederatedCredential },
  { method: 'POST', path: `${path}/:credential/remove`, handle: removeFederatedCredential },
];

function addFederatedCredential(visit: PortalVisit): PortalAnswer {
  const name = visit.form.get('name')?.trim() ?? '';
  const refusal = refusalOf(() => createCredential(graphCall(visit, { body: { name, ...readForm(visit) } })));
  return refusal ? showForm(visit, refusal) : goBack(visit, 'federated-added');
}

function saveFederatedCredential(visit: PortalVisit): PortalAnswer {
  const stale = staleRefusal(visit, addressedCredential(visit, visitApplication(visit)));
  if (stale) return showForm(visit, stale);
  const refusal = refusalOf(() => updateCredential(graphCall(visit, { body: readForm(visit) })));
  return refusal ? showForm(visit, refusal) : goBack(visit, 'federated-saved');
}

function removeFederatedCredential(visit: PortalVisit): PortalAnswer {
  const refusal = refusalOf(() => deleteCredential(graphCall(visit)));
  return refusal ? showFederatedCredentials(visit, refusal) : goBack(visit, 'federated-removed');
}

function readForm({ form }: PortalVisit) {
  return {
    issuer: form.get('issuer')?.trim() ?? '',
    subject: form.get('subject')?.trim() ?? '',
    audiences: [form.get('audience')?.trim() ?? ''],
    description: form.get('description') ?? null,
  };
}

function goBack(visit: PortalVisit, done: string): PortalAnswer {
  return goTo(`${credentialsPath(visit.params.id ?? '', 'federated')}?done=${done}`);
}

function showFederatedCredentials(visit: PortalVisit, refusal?: Refusal): PortalAnswer {
  const visited = visitApplication(visit);
  const { id, document } = visited.application;
  const blade = credentialsPath(id, 'federated');
  const credentials = document.federatedIdentityCredentials ?? [];
  const { mayManage } = visited;
  return showCredentials(visit, visited, {
    kind: 'federated',
    refusal,
    body: html`<p>Lets tokens of another identity provider stand for this application, so that there is no secret to keep:
those of GitHub Actions, of Kubernetes, of any OpenID Connect provider.</p>
${mayManage ? html`<div class="commands"><a class="button" href="${blade}/new">Add credential</a></div>` : undefined}
${
  credentials.length === 0
    ? plainNotice('No federated credentials have been added for this application.')
    : dataTable({
        label: 'Federated credentials',
        columns: ['Name', 'Issuer', 'Subject identifier', 'Description', 'Actions'],
        rows: credentials.map((credential) => row(visit, credential, mayManage)),
      })
}`,
  });
}

function row(
  visit: PortalVisit,
  { id, name, issuer, subject, description }: FederatedIdentityCredential,
  mayManage: boolean,
): (Html | string)[] {
  const page = `${credentialsPath(visit.params.id ?? '', 'federated')}/${id}`;
  return [
    mayManage ? html`<a href="${page}">${name}</a>` : name,
    html`<span class="value">${issuer}</span>`,
    html`<span class="value">${subject}</span>`,
    description ?? '-',
    mayManage
      ? askedButton(visit, {
          label: 'Delete',
          name,
          action: `${page}/remove`,
          fields: {},
          warning: 'Tokens of this issuer and subject are taken no more.',
          answer: 'Yes, delete',
        })
      : '',
  ];
}

/** The form of a new credential, or of the one that the path names. */
function showForm(visit: PortalVisit, refusal?: Refusal): PortalAnswer {
  const visited = visitApplication(visit);
  const blade = credentialsPath(visited.application.id, 'federated');
  const existing = 'credential' in visit.params ? addressedCredential(visit, visited) : undefined;
  const typed = (name: string) => (refusal ? (visit.form.get(name) ?? '') : undefined);
  const field = { isRequired: true, maximumLength: maximumTextLength };
  return showBlade(visited, 'secrets', {
    title: existing ? 'Edit a credential' : 'Add a credential',
    body: html`${refusalNotice(refusal)}${lookOnlyNotice(visited)}
<form method="post" action="${blade}/${existing?.id ?? 'new'}" class="card">${formTokenField(visit)}${
      existing && versionField(existing)
    }
<h2>Connect your account</h2>
${textField({
  ...field,
  id: 'issuer',
  label: 'Issuer',
  hint: 'The address of the provider, as its tokens name it (iss).',
  value: typed('issuer') ?? existing?.issuer,
  placeholder: 'e.g. https://token.actions.githubusercontent.com',
})}
${textField({
  ...field,
  id: 'subject',
  label: 'Subject identifier',
  hint: 'What its tokens are about (sub); compared letter by letter.',
  value: typed('subject') ?? existing?.subject,
  placeholder: 'e.g. repo:contoso/nightly:ref:refs/heads/main',
})}
<h2>Credential details</h2>
${
  existing
    ? html`<dl><dt>Name</dt><dd>${existing.name}</dd></dl>`
    : textField({
        id: 'name',
        label: 'Name',
        hint: 'Letters, digits, - and _; it can not be changed later.',
        isRequired: true,
        maximumLength: maximumNameLength,
        value: typed('name'),
      })
}
${textField({ id: 'description', label: 'Description', value: typed('description') ?? existing?.description ?? '', maximumLength: maximumTextLength })}
${textField({ ...field, id: 'audience', label: 'Audience', hint: 'For whom its tokens are (aud).', value: typed('audience') ?? existing?.audiences[0] ?? usualAudience })}
<div class="actions"><button type="submit">${existing ? 'Save' : 'Add'}</button>
<a class="button secondary" href="${blade}">Cancel</a></div></form>`,
  });
}

/** @throws GraphError 404 */
function addressedCredential(
  { params }: PortalVisit,
  { application }: VisitedApplication,
): FederatedIdentityCredential {
  const id = params.credential ?? '';
  const credential = application.document.federatedIdentityCredentials?.find((known) => known.id === id);
  if (!credential) throw resourceNotFound(id);
  return credential;
}
