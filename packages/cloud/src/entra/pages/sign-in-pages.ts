import { aadsts } from '@latchkey/microsoft';
import { type Html, html } from '../../web/html.ts';
import type { EntraError } from '../errors/entra-error.ts';
import type { Page } from '../http/page.ts';
import type { FormTarget } from './form-target.ts';
import { passwordHelpPath } from './password-help-page.ts';
import { type OfferedPeople, passwordHint, peopleHint } from './people-hint.ts';

const signInTitle = 'Sign in to your account';

/** What a person reads where the service would say an AADSTS sentence. */
const friendlySentences: Readonly<Record<number, Html>> = {
  [aadsts.userAccountNotFound]: html`This username may be incorrect. Make sure that you typed it correctly. Otherwise,
contact your admin.`,
  [aadsts.userDisabled]: html`Your account has been disabled. Contact your admin to have it enabled.`,
  [aadsts.invalidUserNameOrPassword]: html`Your account or password is incorrect. If you don't remember your password,
<a id="idA_IL_ForgotPassword0" href="${passwordHelpPath}">reset it now.</a>`,
};

/**
 * The page that asks who signs in. Ids, names, placeholders and labels are those of the real page, so that scripts and
 * recorded tests work here.
 */
export function namePage(
  target: FormTarget,
  { name = '', error, offered }: { name?: string; error?: EntraError; offered: OfferedPeople },
): Page {
  return {
    title: signInTitle,
    hint: peopleHint(target, offered),
    body: html`${signInHeading('Sign in')}
<form method="post" action="${target.action}" name="f1" id="i0281" novalidate>
<input type="hidden" name="ctx" value="${target.flow}">
${errorMessage('usernameError', error)}
<input type="email" id="i0116" name="loginfmt" value="${name}" placeholder="Email, phone, or Skype"
 aria-label="Enter your email, phone, or Skype." autocomplete="username" autocapitalize="none" spellcheck="false"
 autofocus ${described('usernameError', error)}>
<p class="below"><a id="cantAccessAccount" href="${passwordHelpPath}">Can't access your account?</a></p>
<div class="actions"><input type="submit" id="idSIButton9" value="Next"></div>
</form>`,
  };
}

/** The page that asks for the password of a known account. */
export function passwordPage(target: FormTarget, name: string, error?: EntraError): Page {
  return {
    title: signInTitle,
    hint: passwordHint,
    body: html`${identityBanner(name)}
${signInHeading('Enter password')}
<form method="post" action="${target.action}" name="f1" id="i0281">
<input type="hidden" name="ctx" value="${target.flow}">
<input type="hidden" name="loginfmt" value="${name}">
${errorMessage('passwordError', error)}
<input type="password" id="i0118" name="passwd" placeholder="Password" aria-label="Enter the password for ${name}"
 autocomplete="current-password" autofocus ${described('passwordError', error)}>
<p class="below"><a id="idA_PWD_ForgotPassword" href="${passwordHelpPath}">Forgot my password</a></p>
<div class="actions">
<input type="submit" id="idSIButton9" value="Sign in">
<button type="submit" class="secondary" id="idBtn_Back" name="step" value="back">Back</button>
</div>
</form>`,
  };
}

/** What a personal account sees that wrong passwords have locked (AADSTS50053), by the ids of its own service. */
export function blockedPage(target: FormTarget, name: string): Page {
  return {
    title: signInTitle,
    body: html`${identityBanner(name)}
<div class="title" id="idTD_Error" role="heading" aria-level="1">Sign-in is blocked</div>
<p id="error_Info" role="alert">You've tried to sign in too many times with an incorrect account or password.
<span class="code">Error Code: ${String(aadsts.accountLocked)}</span></p>
<form method="post" action="${target.action}">
<input type="hidden" name="ctx" value="${target.flow}">
<p><button type="submit" class="link" name="step" value="other">Sign in with another account</button></p>
</form>`,
  };
}

/** Whose page it is, under the id that scripts read it by. */
export function identityBanner(name: string): Html {
  return html`<div class="identity" id="displayName" title="${name}">${name}</div>`;
}

/** The headline of the pages that ask who signs in. */
export function signInHeading(text: string): Html {
  return html`<div class="title" id="loginHeader" role="heading" aria-level="1">${text}</div>`;
}

function errorMessage(id: string, error: EntraError | undefined): Html | undefined {
  if (!error) return undefined;
  const sentence = friendlySentences[error.code] ?? html`${error.message}`;
  return html`<div class="error alert-error" id="${id}" role="alert">${sentence}
<span class="code">Error Code: ${String(error.code)}</span></div>`;
}

function described(id: string, error: EntraError | undefined): Html | undefined {
  return error && html`aria-invalid="true" aria-describedby="${id}"`;
}
