import { mayBeginSignInName } from '../../directory/sign-in-name.ts';
import { findUserByName } from '../../directory/users.ts';
import { assignLicences } from '../../graph/people/administer-user.ts';
import { createUserFromBody } from '../../graph/people/create-user.ts';
import { html } from '../../web/html.ts';
import { answeredText, graphCall, type Refusal, refusalOf } from '../graph/call-graph.ts';
import {
  choice,
  formTokenField,
  plainNotice,
  refusalNotice,
  selectField,
  textField,
} from '../pages/form-parts.ts';
import {
  goTo,
  type PortalAnswer,
  type PortalRoute,
  type PortalVisit,
  showPage,
} from '../visit/portal-visit.ts';
import { isUserAdministrator, requireUserAdministrator, usersPath } from './user-administrator.ts';

const path = `${usersPath}/new`;
const passwordLength = { least: 8, most: 256 };
const maximumNameLength = 256;
const maximumPartLength = 64;

/** "New user". */
export const addUserRoutes: PortalRoute[] = [
  { method: 'GET', path, handle: (visit) => askForUser(visit) },
  { method: 'POST', path, handle: addUser },
];

function addUser(visit: PortalVisit): PortalAnswer {
  requireUserAdministrator(visit);
  const { context, form } = visit;
  const [name = '', domain = '', displayName = '', password = ''] = [
    'name',
    'domain',
    'display',
    'password',
  ].map((field) => form.get(field)?.trim());
  const userPrincipalName = `${name}@${domain}`.toLowerCase();
  const problem = problemOf(visit, { name: name.toLowerCase(), domain, displayName, password });
  if (problem !== undefined) return askForUser(visit, { message: problem });
  if (findUserByName(context.directory, userPrincipalName)) {
    return askForUser(visit, { message: `Somebody signs in as "${userPrincipalName}" already.` });
  }
  const part = (field: string, property: string) => {
    const text = form.get(field)?.trim().slice(0, maximumPartLength) ?? '';
    return text !== '' && { [property]: text };
  };
  const body = {
    accountEnabled: true,
    displayName,
    userPrincipalName,
    mailNickname: name,
    mail: userPrincipalName,
    ...part('given', 'givenName'),
    ...part('family', 'surname'),
    ...part('job', 'jobTitle'),
    passwordProfile: { password, forceChangePasswordNextSignIn: form.has('change') },
  };
  let id = '';
  const refusal = refusalOf(() =>
    context.directory.transaction(() => {
      id = answeredText(createUserFromBody(graphCall(visit, { body })), 'id');
      if (form.has('licence')) assignLicences(graphCall(visit, { params: { id } }), ['dynamics-365-sales']);
    }),
  );
  if (refusal) return askForUser(visit, refusal);
  return goTo(`${usersPath}/${id}?done=created`);
}

/** What is wrong with what was typed; undefined when nothing is. */
function problemOf(
  { session }: PortalVisit,
  given: { name: string; domain: string; displayName: string; password: string },
): string | undefined {
  if (!mayBeginSignInName(given.name)) {
    return "A sign-in name has up to 64 letters, digits and ! # ' ^ _ ~ - before the @, with single dots between them.";
  }
  if (!session.tenant.domains.includes(given.domain)) return 'Select a domain of the directory.';
  if (given.displayName === '' || given.displayName.length > maximumNameLength) {
    return `A display name has 1 to ${maximumNameLength} characters.`;
  }
  return given.password.length < passwordLength.least || given.password.length > passwordLength.most
    ? `A password has ${passwordLength.least} to ${passwordLength.most} characters.`
    : undefined;
}

function askForUser(visit: PortalVisit, refusal?: Refusal): PortalAnswer {
  const { form, session } = visit;
  const typed = (id: string) => form.get(id);
  const domains = Object.fromEntries(session.tenant.domains.map((domain) => [domain, `@${domain}`]));
  return showPage({
    title: 'New user',
    area: 'users',
    trail: [
      { title: 'Home', path: '/' },
      { title: 'Users', path: usersPath },
    ],
    body: isUserAdministrator(visit)
      ? html`${refusalNotice(refusal)}
<form method="post" action="${path}" class="card">${formTokenField(visit)}
${textField({ id: 'name', label: 'User principal name', hint: 'What the person signs in with, before the @.', value: typed('name'), isRequired: true, maximumLength: maximumPartLength })}
${selectField({ id: 'domain', label: 'Domain', options: domains, chosen: typed('domain') ?? '' })}
${textField({ id: 'display', label: 'Display name', value: typed('display'), isRequired: true, maximumLength: maximumNameLength })}
${textField({ id: 'given', label: 'First name', value: typed('given'), maximumLength: maximumPartLength })}
${textField({ id: 'family', label: 'Last name', value: typed('family'), maximumLength: maximumPartLength })}
${textField({ id: 'job', label: 'Job title', value: typed('job'), maximumLength: maximumPartLength })}
${textField({ id: 'password', label: 'Password', hint: `At least ${passwordLength.least} characters, of three kinds: small and capital letters, digits, signs.`, type: 'password', isRequired: true, maximumLength: passwordLength.most })}
${choice({ type: 'checkbox', id: 'change', name: 'change', label: 'Has to be changed at the next sign-in', isChecked: form.has('change') })}
${choice({ type: 'checkbox', id: 'licence', name: 'licence', label: 'Licence: Dynamics 365 Sales', isChecked: form.size === 0 || form.has('licence') })}
<div class="actions"><button type="submit">Create</button><a class="button secondary" href="${usersPath}">Cancel</a></div></form>`
      : plainNotice('Only a Global Administrator can create users.'),
  });
}
