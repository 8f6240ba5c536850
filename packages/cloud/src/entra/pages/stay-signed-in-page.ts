import type { User } from '../../directory/users.ts';
import { html } from '../../web/html.ts';
import type { Page } from '../http/page.ts';
import type { FormTarget } from './sign-in-pages.ts';

/** "Stay signed in?": whether the browser keeps the session after it is closed. */
export function staySignedInPage(target: FormTarget, user: User): Page {
  return {
    title: 'Sign in to your account',
    body: html`<p class="identity">${user.userPrincipalName}</p>
<h1 id="kmsiTitle">Stay signed in?</h1>
<p>Do this to reduce the number of times you are asked to sign in.</p>
<form method="post" action="${target.action}">
<input type="hidden" name="ctx" value="${target.flow}">
<p class="check"><input type="checkbox" id="KmsiCheckboxField" name="DontShowAgain" value="true">
<label for="KmsiCheckboxField">Don't show this again</label></p>
<div class="actions">
<button type="submit" id="idSIButton9" name="step" value="stay">Yes</button>
<button type="submit" class="secondary" id="idBtn_Back" name="step" value="leave">No</button>
</div>
</form>`,
  };
}
