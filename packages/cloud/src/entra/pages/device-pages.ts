import type { Application } from '../../directory/applications.ts';
import type { User } from '../../directory/users.ts';
import { html } from '../../web/html.ts';
import type { EntraError } from '../errors/entra-error.ts';
import type { Page } from '../http/page.ts';
import { mainButton, otherButton } from './form-buttons.ts';
import type { FormTarget } from './form-target.ts';
import { identityBanner, signInHeading } from './sign-in-pages.ts';

/** The page that asks for the code that a device shows. */
export function deviceCodePage(action: string, { error }: { error?: EntraError } = {}): Page {
  return {
    title: 'Sign in to your account',
    body: html`${signInHeading('Enter code to allow access')}
<p>Once you enter the code displayed on your app or device, it will have access to your account.</p>
<p>Do not enter codes from sources you don't trust.</p>
<form method="post" action="${action}">
${
  error &&
  html`<p class="error" id="codeError" role="alert">That code didn't work. Check the code and try again.
<span class="code">Error Code: ${String(error.code)}</span></p>`
}
<label for="otc">Code</label>
<input type="text" id="otc" name="otc" autocomplete="off" autocapitalize="characters" spellcheck="false" autofocus
 maxlength="16" ${error && html`aria-invalid="true" aria-describedby="codeError"`}>
<div class="actions"><input type="submit" id="idSIButton9" value="Next"></div>
</form>`,
  };
}

/** Asks whether the sign-in on the device is the person's own (AADSTS50199): codes are sent by thieves too. */
export function deviceConfirmPage(
  target: FormTarget,
  { application, user }: { application: Application; user: User },
): Page {
  return {
    title: 'Are you trying to sign in?',
    body: html`${identityBanner(user.userPrincipalName)}
<div class="title" id="appConfirmTitle" role="heading"
 aria-level="1">Are you trying to sign in to ${application.displayName}?</div>
<p>Only continue if you downloaded the app from a store or website that you trust.</p>
<form method="post" action="${target.action}">
<input type="hidden" name="ctx" value="${target.flow}">
<div class="actions">
${mainButton('continue', 'Continue')}
${otherButton('cancel', 'Cancel')}
</div>
</form>`,
  };
}

/** The end of the way on this side; the device goes on by itself. */
export function deviceDonePage(application: Application, outcome: 'approved' | 'declined'): Page {
  const isApproved = outcome === 'approved';
  return {
    title: application.displayName,
    body: html`<h1>${application.displayName}</h1>
<p id="message">${
      isApproved
        ? `You have signed in to the ${application.displayName} application on your device. You may now close this window.`
        : `You have not signed in to the ${application.displayName} application on your device. You may now close this window.`
    }</p>`,
  };
}
