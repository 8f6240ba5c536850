import type { AppRole } from '../../directory/application-document.ts';
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
import {
  askedButton,
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

const path = applicationPath(':id', 'app-roles');
const maximumLengths = { value: 120, name: 100, description: 1000 };

const doneTexts: Readonly<Record<string, string>> = {
  added: 'The app role was created.',
  saved: 'The app role was saved.',
  removed: 'The app role was deleted.',
};

/** Who can hold a role, in the words of the portal. */
const memberTypes: readonly { value: string; title: string; types: AppRole['allowedMemberTypes'] }[] = [
  { value: 'users', title: 'Users/Groups', types: ['User'] },
  { value: 'applications', title: 'Applications', types: ['Application'] },
  { value: 'both', title: 'Both (Users/Groups + Applications)', types: ['User', 'Application'] },
];

/** "App roles": what people and applications can be assigned. */
export const appRoleRoutes: PortalRoute[] = [
  { method: 'GET', path, handle: showRoles },
  { method: 'GET', path: `${path}/new`, handle: (visit) => showRole(visit) },
  { method: 'POST', path: `${path}/new`, handle: addRole },
  { method: 'GET', path: `${path}/:role`, handle: (visit) => showRole(visit) },
  { method: 'POST', path: `${path}/:role`, handle: saveRole },
  { method: 'POST', path: `${path}/:role/remove`, handle: removeRole },
];

function addRole(visit: PortalVisit): PortalAnswer {
  const { appRoles } = visitApplication(visit).application.document;
  if (isUnassignable(visit)) return showRole(visit, nobody);
  return change(visit, 'added', [...appRoles, { id: visit.context.random.guid(), ...readForm(visit) }]);
}

function saveRole(visit: PortalVisit): PortalAnswer {
  const visited = visitApplication(visit);
  const role = addressedRole(visit, visited);
  const stale = staleRefusal(visit, role);
  if (stale) return showRole(visit, stale);
  if (isUnassignable(visit)) return showRole(visit, nobody);
  const { appRoles } = visited.application.document;
  const saved = { ...role, ...readForm(visit) };
  return change(
    visit,
    'saved',
    appRoles.map((known) => (known.id === role.id ? saved : known)),
  );
}

function removeRole(visit: PortalVisit): PortalAnswer {
  const visited = visitApplication(visit);
  const { id } = addressedRole(visit, visited);
  const { appRoles } = visited.application.document;
  return change(
    visit,
    'removed',
    appRoles.filter((known) => known.id !== id),
  );
}

const nobody: Refusal = { message: 'Select who can be assigned the role.' };

function isUnassignable(visit: PortalVisit): boolean {
  return readForm(visit).allowedMemberTypes.length === 0;
}

function readForm({ form }: PortalVisit) {
  return {
    displayName: form.get('name')?.trim() ?? '',
    value: form.get('value')?.trim() ?? '',
    description: form.get('description')?.trim() ?? '',
    allowedMemberTypes: memberTypes.find(({ value }) => value === form.get('members'))?.types ?? [],
    isEnabled: form.has('enabled'),
  };
}

function change(visit: PortalVisit, done: string, appRoles: readonly object[]): PortalAnswer {
  const refusal = refusalOf(() => updateApplicationFromBody(graphCall(visit, { body: { appRoles } })));
  if (refusal) return showRole(visit, refusal);
  return goTo(`${applicationPath(visit.params.id ?? '', 'app-roles')}?done=${done}`);
}

function showRoles(visit: PortalVisit): PortalAnswer {
  const visited = visitApplication(visit);
  const { id, document } = visited.application;
  const blade = applicationPath(id, 'app-roles');
  return showBlade(visited, 'app-roles', {
    body: html`${lookOnlyNotice(visited)}${goodNotice(doneTexts[visit.query.get('done') ?? ''])}
<p>App roles are permissions of your own: assigned to people they come in their tokens, assigned to applications they are
application permissions (<code>roles</code>).</p>
${visited.mayManage ? html`<div class="commands"><a class="button" href="${blade}/new">Create app role</a></div>` : undefined}
${
  document.appRoles.length === 0
    ? plainNotice('No app roles have been created.')
    : dataTable({
        label: 'App roles',
        columns: ['Display name', 'Description', 'Allowed member types', 'Value', 'ID', 'State'],
        rows: document.appRoles.map((role) => [
          html`<a href="${blade}/${role.id}">${role.displayName}</a>`,
          role.description,
          memberTitle(role),
          role.value,
          copyable(`ID of ${role.displayName}`, role.id),
          role.isEnabled ? 'Enabled' : 'Disabled',
        ]),
      })
}`,
  });
}

function showRole(visit: PortalVisit, refusal?: Refusal): PortalAnswer {
  const visited = visitApplication(visit);
  const blade = applicationPath(visited.application.id, 'app-roles');
  const role = 'role' in visit.params ? addressedRole(visit, visited) : undefined;
  const shown = refusal && visit.form.has('value') ? readForm(visit) : role;
  const action = `${blade}/${role?.id ?? 'new'}`;
  return showBlade(visited, 'app-roles', {
    title: role ? `Edit app role: ${role.displayName}` : 'Create app role',
    body: html`${refusalNotice(refusal)}${lookOnlyNotice(visited)}
<form method="post" action="${action}" class="card">${formTokenField(visit)}${role && versionField(role)}
${textField({ id: 'name', label: 'Display name', value: shown?.displayName, isRequired: true, maximumLength: maximumLengths.name, placeholder: 'e.g. Writers' })}
<fieldset><legend>Allowed member types</legend>
${memberTypes.map(({ value, title }) =>
  choice({
    type: 'radio',
    id: `members-${value}`,
    name: 'members',
    value,
    label: title,
    isChecked: shown !== undefined && memberTitle(shown) === title,
  }),
)}</fieldset>
${textField({ id: 'value', label: 'Value', hint: 'What tokens carry.', value: shown?.value, isRequired: true, maximumLength: maximumLengths.value, placeholder: 'e.g. Task.Write' })}
${textField({ id: 'description', label: 'Description', value: shown?.description, isRequired: true, maximumLength: maximumLengths.description, placeholder: 'e.g. Writers can create tasks.' })}
${choice({ type: 'checkbox', id: 'enabled', name: 'enabled', label: 'Enable this app role', isChecked: shown?.isEnabled ?? true })}
${visited.mayManage ? html`<div class="actions"><button type="submit">${role ? 'Save' : 'Apply'}</button><a class="button secondary" href="${blade}">Cancel</a></div>` : undefined}</form>
${
  role && visited.mayManage
    ? askedButton(visit, {
        label: 'Delete',
        name: role.displayName,
        action: `${action}/remove`,
        fields: {},
        warning: 'Nobody can be assigned it any more.',
        answer: 'Yes, delete',
      })
    : undefined
}`,
  });
}

function memberTitle({ allowedMemberTypes }: Pick<AppRole, 'allowedMemberTypes'>): string {
  const same = memberTypes.find(
    ({ types }) =>
      types.length === allowedMemberTypes.length && types.every((type) => allowedMemberTypes.includes(type)),
  );
  return same?.title ?? allowedMemberTypes.join(', ');
}

/** @throws GraphError 404 */
function addressedRole({ params }: PortalVisit, { application }: VisitedApplication): AppRole {
  const id = params.role ?? '';
  const role = application.document.appRoles.find((known) => known.id === id);
  if (!role) throw resourceNotFound(id);
  return role;
}
