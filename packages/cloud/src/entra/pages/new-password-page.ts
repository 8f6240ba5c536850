import type { User } from '../../directory/users.ts';
import { html } from '../../web/html.ts';
import type { Page } from '../http/page.ts';
import { mainButton } from './form-buttons.ts';
import type { FormTarget } from './form-target.ts';
import { passwordHint } from './people-hint.ts';
import { identityBanner } from './sign-in-pages.ts';

/** "Update your password": shown to who gave the right one that expired (AADSTS50055) or was reset (AADSTS50144). */
export function newPasswordPage(target: FormTarget, user: User, problem?: string): Page {
  return {
    title: 'Update your password',
    hint: passwordHint,
    body: html`${identityBanner(user.userPrincipalName)}
<h1>Update your password</h1>
<p id="ChangePasswordDescription">You need to update your password because this is the first time you are signing in, or
because your password has expired.</p>
<form method="post" action="${target.action}">
<input type="hidden" name="ctx" value="${target.flow}">
<input type="hidden" name="loginfmt" value="${user.userPrincipalName}">
${problem === undefined ? undefined : html`<div class="error alert-error" id="passwordError" role="alert">${problem}</div>`}
<label for="currentPassword">Current password</label>
<input type="password" id="currentPassword" name="passwd" autocomplete="current-password" autofocus>
<label for="newPassword">New password</label>
<input type="password" id="newPassword" name="newpass" autocomplete="new-password">
<label for="confirmNewPassword">Confirm password</label>
<input type="password" id="confirmNewPassword" name="confirmpass" autocomplete="new-password">
<div class="actions">
${mainButton('new_password', 'Sign in')}
</div>
</form>`,
  };
}
