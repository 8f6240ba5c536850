import type { PermissionScope } from '../../directory/application-document.ts';
import { type Application, findApplicationByAppId } from '../../directory/applications.ts';
import { type PreauthorizedClient, preauthorizedClientsOf } from '../../directory/preauthorized-clients.ts';
import { updateApplicationFromBody } from '../../graph/applications/update-application.ts';
import { type Html, html } from '../../web/html.ts';
import { lookOnlyNotice, showBlade, visitApplication } from '../applications/visit-application.ts';
import { graphCall, type Refusal, refusalOf } from '../graph/call-graph.ts';
import {
  choice,
  copyable,
  dataTable,
  formTokenField,
  goodNotice,
  plainNotice,
  refusalNotice,
  textField,
} from '../pages/form-parts.ts';
import { applicationPath } from '../pages/navigation.ts';
import { goTo, type PortalAnswer, type PortalRoute, type PortalVisit } from '../visit/portal-visit.ts';

const path = applicationPath(':id', 'expose-an-api');
const maximumUriLength = 255;

const doneTexts: Readonly<Record<string, string>> = {
  uri: 'The Application ID URI was saved.',
  'scope-added': 'The scope was added.',
  'scope-saved': 'The scope was saved.',
  'scope-removed': 'The scope was deleted.',
  'client-added': 'The client application was authorized.',
  'client-removed': 'The client application is no longer authorized ahead.',
};

/** "Expose an API": what others may ask this application for. */
export const exposeApiRoutes: PortalRoute[] = [
  { method: 'GET', path, handle: (visit) => showExposedApi(visit) },
  { method: 'POST', path: `${path}/uri`, handle: saveUri },
  { method: 'POST', path: `${path}/clients`, handle: authorizeClient },
  { method: 'POST', path: `${path}/clients/remove`, handle: removeClient },
];

/** The address by which tokens for this API are asked for, where nobody chose another. */
export function usualApplicationUri({ appId }: Pick<Application, 'appId'>): string {
  return `api://${appId}`;
}

function saveUri(visit: PortalVisit): PortalAnswer {
  const [, ...others] = visitApplication(visit).application.document.identifierUris;
  const uri = visit.form.get('uri')?.trim();
  return change(visit, { identifierUris: uri === undefined ? others : [uri, ...others] }, 'uri');
}

function authorizeClient(visit: PortalVisit): PortalAnswer {
  const { document } = visitApplication(visit).application;
  const appId = visit.form.get('client')?.trim().toLowerCase() ?? '';
  const delegatedPermissionIds = document.api.oauth2PermissionScopes
    .map(({ id }) => id)
    .filter((id) => visit.form.has(`scope:${id}`));
  if (delegatedPermissionIds.length === 0) {
    return showExposedApi(visit, {
      message: 'Select the scopes that the client application needs no consent for.',
    });
  }
  const others = preauthorizedClientsOf(document).filter((client) => client.appId !== appId);
  const preAuthorizedApplications = [...others, { appId, delegatedPermissionIds }];
  return change(visit, { api: { preAuthorizedApplications } }, 'client-added');
}

function removeClient(visit: PortalVisit): PortalAnswer {
  const { document } = visitApplication(visit).application;
  const preAuthorizedApplications = preauthorizedClientsOf(document).filter(
    ({ appId }) => appId !== visit.form.get('client'),
  );
  return change(visit, { api: { preAuthorizedApplications } }, 'client-removed');
}

function change(visit: PortalVisit, body: object, done: string): PortalAnswer {
  const refusal = refusalOf(() => updateApplicationFromBody(graphCall(visit, { body })));
  if (refusal) return showExposedApi(visit, refusal);
  return goTo(`${applicationPath(visit.params.id ?? '', 'expose-an-api')}?done=${done}`);
}

function showExposedApi(visit: PortalVisit, refusal?: Refusal): PortalAnswer {
  const visited = visitApplication(visit);
  const { application, mayManage } = visited;
  const { identifierUris, api } = application.document;
  const blade = applicationPath(application.id, 'expose-an-api');
  const [uri] = identifierUris;
  const typed = refusal && visit.form.get('uri');
  return showBlade(visited, 'expose-an-api', {
    body: html`${refusalNotice(refusal)}${lookOnlyNotice(visited)}
${goodNotice(doneTexts[visit.query.get('done') ?? ''])}
<h2>Application ID URI</h2>
${
  mayManage
    ? html`<form method="post" action="${blade}/uri" class="card">${formTokenField(visit)}
${textField({
  id: 'uri',
  label: 'Application ID URI',
  hint: `Clients ask for tokens by it. Usually ${usualApplicationUri(application)}.`,
  value: typed ?? uri,
  placeholder: usualApplicationUri(application),
  maximumLength: maximumUriLength,
})}
<div class="actions"><button type="submit">Save</button></div></form>`
    : html`<p>${uri ?? 'None'}</p>`
}
<h2>Scopes defined by this API</h2>
<p>A scope is a delegated permission: clients ask for it on behalf of a person. What applications may do by themselves is
defined under <a href="${applicationPath(application.id, 'app-roles')}">App roles</a>.</p>
${mayManage ? html`<div class="commands"><a class="button" href="${blade}/scopes/new">Add a scope</a></div>` : undefined}
${api.oauth2PermissionScopes.length === 0 ? plainNotice('No scopes have been defined.') : scopeTable(application, blade)}
<h2>Authorized client applications</h2>
<p>People are not asked for consent when these applications call this API.</p>
${clientTable(visit, { application, blade, mayManage })}
${mayManage && api.oauth2PermissionScopes.length > 0 ? clientForm(visit, { scopes: api.oauth2PermissionScopes, blade }) : undefined}`,
  });
}

function scopeTable(application: Application, blade: string): Html {
  const { identifierUris, api } = application.document;
  const base = identifierUris[0] ?? usualApplicationUri(application);
  return dataTable({
    label: 'Scopes',
    columns: ['Scope', 'Who can consent', 'Admin consent display name', 'State', 'Actions'],
    rows: api.oauth2PermissionScopes.map(({ id, value, type, adminConsentDisplayName, isEnabled }) => [
      copyable(`scope ${value}`, `${base}/${value}`),
      type === 'User' ? 'Admins and users' : 'Admins only',
      adminConsentDisplayName,
      isEnabled ? 'Enabled' : 'Disabled',
      html`<a href="${blade}/scopes/${id}">Edit<span class="visually-hidden"> ${value}</span></a>`,
    ]),
  });
}

function clientTable(
  visit: PortalVisit,
  { application, blade, mayManage }: { application: Application; blade: string; mayManage: boolean },
): Html {
  const clients = preauthorizedClientsOf(application.document);
  if (clients.length === 0) return plainNotice('No client applications have been authorized.');
  const scopes = application.document.api.oauth2PermissionScopes;
  const nameOf = (id: string) => scopes.find((scope) => scope.id === id)?.value ?? id;
  return dataTable({
    label: 'Authorized client applications',
    columns: ['Client ID', 'Name', 'Scopes', 'Actions'],
    rows: clients.map(({ appId, delegatedPermissionIds }: PreauthorizedClient) => [
      copyable('Client ID', appId),
      findApplicationByAppId(visit.context.directory, appId)?.displayName ?? '-',
      delegatedPermissionIds.map(nameOf).join(', '),
      mayManage
        ? html`<form method="post" action="${blade}/clients/remove">${formTokenField(visit)}
<input type="hidden" name="client" value="${appId}"><button type="submit" class="secondary">Remove<span class="visually-hidden"> ${appId}</span></button></form>`
        : '',
    ]),
  });
}

function clientForm(
  visit: PortalVisit,
  { scopes, blade }: { scopes: readonly PermissionScope[]; blade: string },
): Html {
  return html`<h2>Add a client application</h2>
<form method="post" action="${blade}/clients" class="card">${formTokenField(visit)}
${textField({ id: 'client', label: 'Client ID', isRequired: true, value: visit.form.get('client'), placeholder: '00000000-0000-0000-0000-000000000000' })}
<fieldset><legend>Authorized scopes</legend>
${scopes.map(({ id, value }) =>
  choice({
    type: 'checkbox',
    id: `scope-${id}`,
    name: `scope:${id}`,
    label: value,
    isChecked: visit.form.has(`scope:${id}`),
  }),
)}</fieldset>
<div class="actions"><button type="submit">Add application</button></div></form>`;
}
