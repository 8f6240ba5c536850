import { aadsts } from '@latchkey/microsoft';
import { type Html, html } from '../../web/html.ts';
import type { EntraError } from '../errors/entra-error.ts';
import type { Page } from '../http/page.ts';

/** What every step of a sign-in carries: where its form goes, and the sealed flow. */
export interface FormTarget {
  /** Path of the form's action. */
  action: string;
  flow: string;
}

const signInTitle = 'Sign in to your account';

/** What a person reads where the service would say an AADSTS sentence. */
const friendlySentences: Readonly<Record<number, string>> = {
  [aadsts.userAccountNotFound]:
    'This username may be incorrect. Make sure that you typed it correctly. Otherwise, contact your admin.',
  [aadsts.userDisabled]: 'Your account has been disabled. Contact your admin to have it enabled.',
  [aadsts.invalidUserNameOrPassword]:
    "Your account or password is incorrect. If you don't remember your password, reset it now.",
};

/** The page that asks who signs in. Ids and names are those of the real page, so that its scripts work here. */
export function namePage(
  target: FormTarget,
  { name = '', error }: { name?: string; error?: EntraError } = {},
): Page {
  return {
    title: signInTitle,
    body: html`<h1 id="loginHeader">Sign in</h1>
<form method="post" action="${target.action}" novalidate>
<input type="hidden" name="ctx" value="${target.flow}">
${errorMessage('usernameError', error)}
<label for="i0116">Email, phone, or Skype</label>
<input type="email" id="i0116" name="loginfmt" value="${name}" autocomplete="username" autocapitalize="none"
 spellcheck="false" autofocus ${described('usernameError', error)}>
<div class="actions"><input type="submit" id="idSIButton9" value="Next"></div>
</form>`,
  };
}

/** The page that asks for the password of a known account. */
export function passwordPage(target: FormTarget, name: string, error?: EntraError): Page {
  return {
    title: signInTitle,
    body: html`<p class="identity" id="displayName">${name}</p>
<h1 id="loginHeader">Enter password</h1>
<form method="post" action="${target.action}">
<input type="hidden" name="ctx" value="${target.flow}">
<input type="hidden" name="loginfmt" value="${name}">
${errorMessage('passwordError', error)}
<label for="i0118">Password</label>
<input type="password" id="i0118" name="passwd" autocomplete="current-password" autofocus
 ${described('passwordError', error)}>
<div class="actions">
<input type="submit" id="idSIButton9" value="Sign in">
<button type="submit" class="secondary" id="idBtn_Back" name="step" value="back">Back</button>
</div>
</form>`,
  };
}

function errorMessage(id: string, error: EntraError | undefined): Html | undefined {
  if (!error) return undefined;
  const sentence = friendlySentences[error.code] ?? error.message;
  return html`<p class="error" id="${id}" role="alert">${sentence}
<span class="code">Error Code: ${String(error.code)}</span></p>`;
}

function described(id: string, error: EntraError | undefined): Html | undefined {
  return error && html`aria-invalid="true" aria-describedby="${id}"`;
}
