import { userConditions } from '../../directory/user-conditions.ts';
import type { User } from '../../directory/users.ts';
import { html } from '../../web/html.ts';
import type { Page } from '../http/page.ts';
import { stepField } from '../http/pressed-step.ts';
import type { FormTarget } from './form-target.ts';
import { codeHint } from './people-hint.ts';
import { identityBanner } from './sign-in-pages.ts';

/**
 * "Enter code": asks for the one-time code of a person who needs a second factor. Who has none yet is shown theirs, as
 * nobody here has an authenticator app to set up.
 */
export function secondFactorPage(
  target: FormTarget,
  user: User,
  { isWrong = false }: { isWrong?: boolean } = {},
): Page {
  const { secondFactor, oneTimeCode } = userConditions(user);
  return {
    title: 'Sign in to your account',
    hint: codeHint(oneTimeCode),
    body: html`${identityBanner(user.userPrincipalName)}
${
  secondFactor === 'unregistered'
    ? html`<div class="title" id="idDiv_SAOTCC_Title" role="heading" aria-level="1">More information required</div>
<p id="idDiv_SAOTCC_Description">Your organization needs more information to keep your account secure. From now on your
one-time code is <strong id="oneTimeCode">${oneTimeCode}</strong>.</p>`
    : html`<div class="title" id="idDiv_SAOTCC_Title" role="heading" aria-level="1">Enter code</div>`
}
<form method="post" action="${target.action}">
<input type="hidden" name="ctx" value="${target.flow}">
${
  isWrong
    ? html`<p class="error" id="idSpan_SAOTCC_Error_OTC" role="alert">You didn't enter the expected verification code.
Please try again.</p>`
    : undefined
}
<label for="idTxtBx_SAOTCC_OTC">Enter the code displayed in the authenticator app on your mobile device</label>
<input type="text" inputmode="numeric" id="idTxtBx_SAOTCC_OTC" name="otc" autocomplete="one-time-code" autofocus
 maxlength="16" ${isWrong ? html`aria-invalid="true" aria-describedby="idSpan_SAOTCC_Error_OTC"` : undefined}>
<div class="actions">
<input type="submit" id="idSubmit_SAOTCC_Continue" name="${stepField('code')}" value="Verify">
</div>
</form>`,
  };
}
