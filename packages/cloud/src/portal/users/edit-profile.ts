import type { User } from '../../directory/users.ts';
import { updateUserFromBody } from '../../graph/people/update-user.ts';
import { type Html, html } from '../../web/html.ts';
import { graphCall, type Refusal, refusalOf } from '../graph/call-graph.ts';
import { choice, formTokenField, textField } from '../pages/form-parts.ts';
import type { PortalVisit } from '../visit/portal-visit.ts';
import { usersPath } from './user-administrator.ts';

const maximumLengths = { name: 256, part: 64, title: 128, password: 256 };

/** Saves what the form of `profileForms` holds, by the rules of Graph. */
export function saveProfile(visit: PortalVisit): Refusal | undefined {
  const { form } = visit;
  const body = {
    displayName: form.get('display')?.trim() ?? '',
    // Graph takes no empty names, and a person may have but one.
    ...(form.has('given') && { givenName: form.get('given')?.trim() }),
    ...(form.has('family') && { surname: form.get('family')?.trim() }),
    jobTitle: form.get('job')?.trim() ?? null,
    mail: form.get('mail')?.trim() ?? null,
  };
  return refusalOf(() => updateUserFromBody(graphCall(visit, { body })));
}

/** Sets a new password, as an administrator does for somebody who forgot theirs. */
export function resetPassword(visit: PortalVisit): Refusal | undefined {
  const passwordProfile = {
    password: visit.form.get('new-password') ?? '',
    forceChangePasswordNextSignIn: visit.form.has('change'),
  };
  return refusalOf(() => updateUserFromBody(graphCall(visit, { body: { passwordProfile } })));
}

/** The forms of a person's properties and of a new password. */
export function profileForms(visit: PortalVisit, user: User): Html {
  const page = `${usersPath}/${user.id}`;
  return html`<h2>Properties</h2>
<form method="post" action="${page}/profile" class="card">${formTokenField(visit)}
${textField({ id: 'display', label: 'Display name', value: user.displayName, isRequired: true, maximumLength: maximumLengths.name })}
${textField({ id: 'given', label: 'First name', value: user.givenName ?? '', maximumLength: maximumLengths.part })}
${textField({ id: 'family', label: 'Last name', value: user.surname ?? '', maximumLength: maximumLengths.part })}
${textField({ id: 'job', label: 'Job title', value: user.jobTitle ?? '', maximumLength: maximumLengths.title })}
${textField({ id: 'mail', label: 'Email', value: user.mail ?? '', maximumLength: maximumLengths.name })}
<div class="actions"><button type="submit">Save properties</button></div></form>
<h2>Reset password</h2>
<form method="post" action="${page}/password" class="card">${formTokenField(visit)}
${textField({ id: 'new-password', label: 'New password', type: 'password', isRequired: true, maximumLength: maximumLengths.password })}
${choice({ type: 'checkbox', id: 'change', name: 'change', label: 'Has to be changed at the next sign-in', isChecked: true })}
<div class="actions"><button type="submit">Reset password</button></div></form>`;
}
