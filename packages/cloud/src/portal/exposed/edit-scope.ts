import type { PermissionScope } from '../../directory/application-document.ts';
import { updateApplicationFromBody } from '../../graph/applications/update-application.ts';
import { resourceNotFound } from '../../graph/errors/graph-error.ts';
import { html } from '../../web/html.ts';
import {
  lookOnlyNotice,
  showBlade,
  type VisitedApplication,
  visitApplication,
} from '../applications/visit-application.ts';
import { graphCall, type Refusal, refusalOf } from '../graph/call-graph.ts';
import { staleRefusal, versionField } from '../http/stale-form.ts';
import { askedButton, choice, formTokenField, refusalNotice, textField } from '../pages/form-parts.ts';
import { applicationPath } from '../pages/navigation.ts';
import { goTo, type PortalAnswer, type PortalRoute, type PortalVisit } from '../visit/portal-visit.ts';
import { usualApplicationUri } from './expose-api.ts';

const path = `${applicationPath(':id', 'expose-an-api')}/scopes`;
const maximumLengths = { value: 120, name: 100, description: 1000 };

/** "Add a scope", and the page of one that is there. */
export const scopeRoutes: PortalRoute[] = [
  { method: 'GET', path: `${path}/new`, handle: (visit) => showScope(visit) },
  { method: 'POST', path: `${path}/new`, handle: addScope },
  { method: 'GET', path: `${path}/:scope`, handle: (visit) => showScope(visit) },
  { method: 'POST', path: `${path}/:scope`, handle: saveScope },
  { method: 'POST', path: `${path}/:scope/remove`, handle: removeScope },
];

/** The first scope brings an Application ID URI with it, as nobody could ask for the scope without one. */
function addScope(visit: PortalVisit): PortalAnswer {
  const { application } = visitApplication(visit);
  const { api, identifierUris } = application.document;
  const added = { id: visit.context.random.guid(), ...readForm(visit) };
  return change(visit, 'scope-added', {
    api: { oauth2PermissionScopes: [...api.oauth2PermissionScopes, added] },
    ...(identifierUris.length === 0 && { identifierUris: [usualApplicationUri(application)] }),
  });
}

function saveScope(visit: PortalVisit): PortalAnswer {
  const visited = visitApplication(visit);
  const scope = addressedScope(visit, visited);
  const stale = staleRefusal(visit, scope);
  if (stale) return showScope(visit, stale);
  const { oauth2PermissionScopes } = visited.application.document.api;
  return change(visit, 'scope-saved', {
    api: {
      oauth2PermissionScopes: oauth2PermissionScopes.map((known) =>
        known.id === scope.id ? { ...known, ...readForm(visit) } : known,
      ),
    },
  });
}

function removeScope(visit: PortalVisit): PortalAnswer {
  const visited = visitApplication(visit);
  const { id } = addressedScope(visit, visited);
  const { oauth2PermissionScopes } = visited.application.document.api;
  return change(visit, 'scope-removed', {
    api: { oauth2PermissionScopes: oauth2PermissionScopes.filter((known) => known.id !== id) },
  });
}

function readForm({ form }: PortalVisit) {
  return {
    value: form.get('value')?.trim() ?? '',
    type: form.get('consent') === 'Admin' ? 'Admin' : 'User',
    isEnabled: form.get('state') !== 'disabled',
    adminConsentDisplayName: form.get('admin-name')?.trim() ?? '',
    adminConsentDescription: form.get('admin-description')?.trim() ?? '',
    userConsentDisplayName: form.get('user-name')?.trim() ?? null,
    userConsentDescription: form.get('user-description')?.trim() ?? null,
  };
}

function change(visit: PortalVisit, done: string, body: object): PortalAnswer {
  const refusal = refusalOf(() => updateApplicationFromBody(graphCall(visit, { body })));
  if (refusal) return showScope(visit, refusal);
  return goTo(`${applicationPath(visit.params.id ?? '', 'expose-an-api')}?done=${done}`);
}

function showScope(visit: PortalVisit, refusal?: Refusal): PortalAnswer {
  const visited = visitApplication(visit);
  const blade = applicationPath(visited.application.id, 'expose-an-api');
  const scope = 'scope' in visit.params ? addressedScope(visit, visited) : undefined;
  const shown = refusal && visit.form.has('value') ? readForm(visit) : scope;
  const action = `${blade}/scopes/${scope?.id ?? 'new'}`;
  return showBlade(visited, 'expose-an-api', {
    title: scope ? `Edit a scope: ${scope.value}` : 'Add a scope',
    body: html`${refusalNotice(refusal)}${lookOnlyNotice(visited)}
<form method="post" action="${action}" class="card">${formTokenField(visit)}${scope && versionField(scope)}
${textField({ id: 'value', label: 'Scope name', hint: 'Clients ask for it by this name, and tokens carry it (scp).', value: shown?.value, isRequired: true, maximumLength: maximumLengths.value, placeholder: 'e.g. Files.Read' })}
<fieldset><legend>Who can consent?</legend>
${choice({ type: 'radio', id: 'consent-user', name: 'consent', value: 'User', label: 'Admins and users', isChecked: shown?.type !== 'Admin' })}
${choice({ type: 'radio', id: 'consent-admin', name: 'consent', value: 'Admin', label: 'Admins only', isChecked: shown?.type === 'Admin' })}</fieldset>
${textField({ id: 'admin-name', label: 'Admin consent display name', value: shown?.adminConsentDisplayName, isRequired: true, maximumLength: maximumLengths.name, placeholder: 'e.g. Read user files' })}
${textField({ id: 'admin-description', label: 'Admin consent description', value: shown?.adminConsentDescription, isRequired: true, maximumLength: maximumLengths.description, placeholder: 'e.g. Allows the app to read the signed-in user’s files.' })}
${textField({ id: 'user-name', label: 'User consent display name (optional)', value: shown?.userConsentDisplayName ?? '', maximumLength: maximumLengths.name })}
${textField({ id: 'user-description', label: 'User consent description (optional)', value: shown?.userConsentDescription ?? '', maximumLength: maximumLengths.description })}
<fieldset><legend>State</legend>
${choice({ type: 'radio', id: 'state-enabled', name: 'state', value: 'enabled', label: 'Enabled', isChecked: shown?.isEnabled !== false })}
${choice({ type: 'radio', id: 'state-disabled', name: 'state', value: 'disabled', label: 'Disabled', isChecked: shown?.isEnabled === false })}</fieldset>
${visited.mayManage ? html`<div class="actions"><button type="submit">${scope ? 'Save' : 'Add scope'}</button><a class="button secondary" href="${blade}">Cancel</a></div>` : undefined}</form>
${
  scope && visited.mayManage
    ? askedButton(visit, {
        label: 'Delete',
        name: scope.value,
        action: `${action}/remove`,
        fields: {},
        warning: 'Clients can ask for it no more.',
        answer: 'Yes, delete',
      })
    : undefined
}`,
  });
}

/** @throws GraphError 404 */
function addressedScope({ params }: PortalVisit, { application }: VisitedApplication): PermissionScope {
  const id = params.scope ?? '';
  const scope = application.document.api.oauth2PermissionScopes.find((known) => known.id === id);
  if (!scope) throw resourceNotFound(id);
  return scope;
}
