import { directoryRoles } from '../../directory/directory-roles.ts';
import { type DirectoryRole, type Licence, listUsers, type User } from '../../directory/users.ts';
import {
  assignDirectoryRoles,
  assignLicences,
  changeUserConditions,
} from '../../graph/people/administer-user.ts';
import { revokeSessions } from '../../graph/people/people-operations.ts';
import { updateUserFromBody } from '../../graph/people/update-user.ts';
import { type Html, html } from '../../web/html.ts';
import { graphCall, type Refusal } from '../graph/call-graph.ts';
import {
  choice,
  copyable,
  dataTable,
  formTokenField,
  goodNotice,
  plainNotice,
  refusalNotice,
} from '../pages/form-parts.ts';
import {
  goTo,
  type PortalAnswer,
  type PortalRoute,
  type PortalVisit,
  showPage,
} from '../visit/portal-visit.ts';
import { profileForms, resetPassword, saveProfile } from './edit-profile.ts';
import {
  addressedUser,
  isUserAdministrator,
  requireUserAdministrator,
  usersPath,
} from './user-administrator.ts';
import { conditionsForm, readConditions } from './user-conditions-form.ts';

const path = usersPath;
/** More than a person reads; the search finds the others. */
const mostRows = 100;

const roles = Object.keys(directoryRoles).filter(isDirectoryRole);
const licences: readonly { licence: Licence; title: string }[] = [
  { licence: 'dynamics-365-sales', title: 'Dynamics 365 Sales' },
];

const doneTexts: Record<string, string> = {
  created: 'The user was created.',
  saved: 'The user was saved.',
  password: 'The password was reset.',
  revoked: 'All sessions and refresh tokens of this user were revoked.',
};

/** The people of the directory, and what decides whether and how far they get in. */
export const userRoutes: PortalRoute[] = [
  { method: 'GET', path, handle: showUsers },
  { method: 'GET', path: `${path}/:id`, handle: (visit) => showUser(visit) },
  { method: 'POST', path: `${path}/:id`, handle: saveUser },
  { method: 'POST', path: `${path}/:id/profile`, handle: (visit) => change(visit, saveProfile, 'saved') },
  {
    method: 'POST',
    path: `${path}/:id/password`,
    handle: (visit) => change(visit, resetPassword, 'password'),
  },
  { method: 'POST', path: `${path}/:id/conditions`, handle: saveConditions },
  { method: 'POST', path: `${path}/:id/revoke`, handle: endSessions },
];

function showUsers(visit: PortalVisit): PortalAnswer {
  const { context, session, query } = visit;
  const search = (query.get('search') ?? '').trim();
  const wanted = search.toLowerCase();
  const found = listUsers(context.directory, session.tenant.id).filter(
    (user) => user.userPrincipalName.includes(wanted) || user.displayName.toLowerCase().includes(wanted),
  );
  return showPage({
    title: 'Users',
    area: 'users',
    trail: [{ title: 'Home', path: '/' }],
    body: html`${isUserAdministrator(visit) ? html`<div class="commands"><a class="button" href="${path}/new">New user</a></div>` : undefined}
<form class="search" role="search" action="${path}">
<div class="field"><label for="search">Name or sign-in name</label>
<input type="search" id="search" name="search" value="${search}"></div>
<button type="submit" class="secondary">Search</button></form>
${found.length === 0 ? plainNotice(`Nobody here is called "${search}".`) : table(found.slice(0, mostRows))}
${
  found.length > mostRows
    ? html`<p class="muted">The first ${String(mostRows)} of ${String(found.length)}. Search to see others.</p>`
    : undefined
}`,
  });
}

function table(users: readonly User[]): Html {
  return dataTable({
    label: 'Users',
    columns: ['Name', 'Sign-in name', 'Account', 'Roles', 'Licences'],
    rows: users.map((user) => [
      html`<a href="${path}/${user.id}">${user.displayName}</a>`,
      user.userPrincipalName,
      user.enabled ? 'Enabled' : html`<strong class="ungranted">Disabled</strong>`,
      user.directoryRoles.join(', ') || 'Member',
      licences
        .filter(({ licence }) => user.licences.includes(licence))
        .map(({ title }) => title)
        .join(', ') || 'None',
    ]),
  });
}

function saveUser(visit: PortalVisit): PortalAnswer {
  const user = addressedUser(visit);
  requireUserAdministrator(visit);
  const { form, session, context } = visit;
  const enabled = form.has('enabled');
  const chosenRoles = roles.filter((role) => form.has(`role:${role}`));
  const isSelf = user.id === session.user.id;
  if (isSelf && !(enabled && chosenRoles.includes('Global Administrator'))) {
    return showUser(visit, {
      message: 'You can not disable your own account, nor take your own role of Global Administrator.',
    });
  }
  const chosenLicences = licences
    .map(({ licence }) => licence)
    .filter((licence) => form.has(`licence:${licence}`));
  context.directory.transaction(() => {
    updateUserFromBody(graphCall(visit, { body: { accountEnabled: enabled } }));
    assignLicences(graphCall(visit), chosenLicences);
    assignDirectoryRoles(graphCall(visit), chosenRoles);
  });
  return goTo(`${path}/${user.id}?done=saved`);
}

function change(
  visit: PortalVisit,
  work: (visit: PortalVisit) => Refusal | undefined,
  done: string,
): PortalAnswer {
  const user = addressedUser(visit);
  requireUserAdministrator(visit);
  const refusal = work(visit);
  return refusal ? showUser(visit, refusal) : goTo(`${path}/${user.id}?done=${done}`);
}

function saveConditions(visit: PortalVisit): PortalAnswer {
  const user = addressedUser(visit);
  requireUserAdministrator(visit);
  const conditions = readConditions(visit.form);
  if ('message' in conditions) return showUser(visit, conditions);
  changeUserConditions(graphCall(visit), conditions);
  return goTo(`${path}/${user.id}?done=saved`);
}

function endSessions(visit: PortalVisit): PortalAnswer {
  const user = addressedUser(visit);
  requireUserAdministrator(visit);
  revokeSessions(graphCall(visit));
  return goTo(`${path}/${user.id}?done=revoked`);
}

function showUser(visit: PortalVisit, refusal?: Refusal): PortalAnswer {
  const user = addressedUser(visit);
  const mayChange = isUserAdministrator(visit);
  return showPage({
    title: user.displayName,
    area: 'users',
    trail: [
      { title: 'Home', path: '/' },
      { title: 'Users', path },
    ],
    body: html`${refusalNotice(refusal)}${goodNotice(doneTexts[visit.query.get('done') ?? ''])}
${mayChange ? undefined : plainNotice('You can look at users. Only a Global Administrator can change them.')}
<div class="card"><dl>
<dt>Sign-in name</dt><dd>${copyable('Sign-in name', user.userPrincipalName)}</dd>
<dt>Object ID</dt><dd>${copyable('Object ID', user.id)}</dd>
<dt>Job title</dt><dd>${user.jobTitle ?? '-'}</dd></dl></div>
${mayChange ? userForms(visit, user) : undefined}`,
  });
}

function userForms(visit: PortalVisit, user: User): Html {
  return html`<form method="post" action="${path}/${user.id}" class="card">${formTokenField(visit)}
<fieldset><legend>Account</legend>
${choice({ type: 'checkbox', id: 'enabled', name: 'enabled', label: 'Account enabled', hint: 'A disabled account gets AADSTS50057.', isChecked: user.enabled })}</fieldset>
<fieldset><legend>Licences</legend>
${licences.map(({ licence, title }) =>
  choice({
    type: 'checkbox',
    id: `licence-${licence}`,
    name: `licence:${licence}`,
    label: title,
    hint: 'Without it, Dynamics 365 refuses the person.',
    isChecked: user.licences.includes(licence),
  }),
)}</fieldset>
<fieldset><legend>Directory roles</legend>
${roles.map((role, index) =>
  choice({
    type: 'checkbox',
    id: `role-${index}`,
    name: `role:${role}`,
    label: role,
    isChecked: user.directoryRoles.includes(role),
  }),
)}</fieldset>
<div class="actions"><button type="submit">Save</button></div></form>
${profileForms(visit, user)}
${conditionsForm(visit, user)}
<form method="post" action="${path}/${user.id}/revoke" class="card">${formTokenField(visit)}
<p>Ends every session of this person and every refresh token that was issued to them (AADSTS50173).</p>
<button type="submit" class="danger">Revoke sessions</button></form>`;
}

function isDirectoryRole(name: string): name is DirectoryRole {
  return name in directoryRoles;
}
