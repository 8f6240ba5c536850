import type { User } from '../../directory/users.ts';
import { html } from '../../web/html.ts';
import type { Page } from '../http/page.ts';
import { mainButton, otherButton } from './form-buttons.ts';
import type { FormTarget } from './form-target.ts';
import { identityBanner } from './sign-in-pages.ts';

/** "Stay signed in?": whether the browser keeps the session after it is closed. */
export function staySignedInPage(target: FormTarget, user: User): Page {
  return {
    title: 'Sign in to your account',
    body: html`${identityBanner(user.userPrincipalName)}
<div class="title" id="kmsiTitle" role="heading" aria-level="1">Stay signed in?</div>
<div class="text" id="KmsiDescription">Do this to reduce the number of times you are asked to sign in.</div>
<form method="post" action="${target.action}">
<input type="hidden" name="ctx" value="${target.flow}">
<label class="check"><input type="checkbox" id="KmsiCheckboxField" name="DontShowAgain"
 value="true"> <span>Don't show this again</span></label>
<div class="actions">
${mainButton('stay', 'Yes', { describedBy: 'KmsiDescription' })}
${otherButton('leave', 'No')}
</div>
</form>`,
  };
}
