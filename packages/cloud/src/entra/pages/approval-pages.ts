import type { Application } from '../../directory/applications.ts';
import type { RequestedPermissions } from '../../directory/record-consent.ts';
import type { User } from '../../directory/users.ts';
import { type Html, html } from '../../web/html.ts';
import type { Page } from '../http/page.ts';
import { permissionItems } from './consent-pages.ts';
import { mainButton, otherButton } from './form-buttons.ts';
import type { FormTarget } from './form-target.ts';
import { identityBanner } from './sign-in-pages.ts';

const title = 'Approval required';

/** "Approval required" (AADSTS90095): what the app asks for, and a form that asks the administrators for it. */
export function approvalRequestPage(
  target: FormTarget,
  {
    application,
    user,
    requested,
    problem,
    reason = '',
  }: {
    application: Application;
    user: User;
    requested: readonly RequestedPermissions[];
    problem?: string | undefined;
    reason?: string | undefined;
  },
): Page {
  return {
    title,
    body: html`${heading(title, application, user)}
<p>This app requires your admin's approval to:</p>
<ul class="permissions">${requested.flatMap((permissions) => permissionItems(permissions, false))}</ul>
<form method="post" action="${target.action}">
<input type="hidden" name="ctx" value="${target.flow}">
${problem === undefined ? undefined : html`<p class="error" id="reasonError" role="alert">${problem}</p>`}
<label for="reason">Enter justification for requesting this app</label>
<textarea id="reason" name="reason" rows="3"${problem === undefined ? undefined : html` aria-invalid="true" aria-describedby="reasonError"`}>${reason}</textarea>
<p><button type="submit" class="link" name="step" value="other">Sign in with another account</button></p>
<div class="actions">
${mainButton('request', 'Request approval')}
${otherButton('unapproved', 'Cancel')}
</div>
<p class="code">AADSTS90095</p>
</form>`,
  };
}

/** "Request sent": the administrators have it; the person can only wait. */
export function approvalSentPage(
  target: FormTarget,
  { application, user }: { application: Application; user: User },
): Page {
  return {
    title: 'Request sent',
    body: html`${heading('Request sent', application, user)}
<p>Your request was sent to the administrators of your organization. Once one of them has approved it, sign in
again.</p>
<form method="post" action="${target.action}">
<input type="hidden" name="ctx" value="${target.flow}">
<div class="actions">
${mainButton('unapproved', 'Back to app')}
</div>
</form>`,
  };
}

function heading(text: string, application: Application, user: User): Html {
  return html`${identityBanner(user.userPrincipalName)}
<h1>${text}</h1>
<p class="app">${application.displayName}</p>
<p class="muted">${application.document.publisherDomain ?? ''} <strong>unverified</strong></p>`;
}
