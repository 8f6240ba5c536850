import { makeLoginHint } from '../../directory/login-hint.ts';
import { type Html, html } from '../../web/html.ts';
import type { Page } from '../http/page.ts';
import type { BrowserAccount } from '../stored/sessions.ts';
import type { FormTarget } from './form-target.ts';
import { signInHeading } from './sign-in-pages.ts';
import { hiddenFrames } from './signed-out-page.ts';

/**
 * "Pick an account": the accounts that the browser knows, each with its state and the ways to be rid of it, and
 * another. Ids, and the sign-in name in `data-test-id`, are those of the real page.
 *
 * @param frames addresses of apps that are told of a sign-out meanwhile
 */
export function accountPage(
  target: FormTarget,
  accounts: readonly BrowserAccount[],
  frames: readonly string[],
): Page {
  return {
    title: 'Sign in to your account',
    frames,
    body: html`${signInHeading('Pick an account')}
<form method="post" action="${target.action}">
<input type="hidden" name="ctx" value="${target.flow}">
<div id="tilesHolder" role="list">${accounts.map(accountTile)}
<div class="tile" role="listitem" id="otherTile" data-test-id="otherTile"><div id="otherTileText"
 data-test-id="otherTileText"><button type="submit" class="account table" role="button" name="step"
 value="other">Use another account</button></div></div></div>
</form>
${hiddenFrames(frames)}`,
  };
}

/**
 * "Which account do you want to sign out of?": the form goes to the logout endpoint again, with the hint that names
 * the account.
 */
export function signOutAccountPage(
  action: string,
  accounts: readonly BrowserAccount[],
  parameters: readonly [name: string, value: string][],
): Page {
  return {
    title: 'Sign out',
    body: html`${signInHeading('Pick an account')}
<p id="loginDescription">Which account do you want to sign out of?</p>
<form method="post" action="${action}">
${parameters.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}
<div id="tilesHolder" role="list">${accounts.map(
      ({ user }) => html`<div class="tile" role="listitem" data-test-id="${user.userPrincipalName}">
<button type="submit" class="account table" role="button" name="logout_hint"
 value="${makeLoginHint(user)}">${whoIs(user)}
<span class="muted">Signed in</span></button>
</div>`,
    )}</div>
</form>`,
  };
}

function accountTile({ user, session }: BrowserAccount, index: number): Html {
  const name = user.userPrincipalName;
  const forget = session ? 'Sign out and forget' : 'Forget';
  return html`<div class="tile" role="listitem" data-test-id="${name}">
<button type="submit" class="account table" role="button" name="step" value="account:${user.id}"${
    index === 0 ? html` autofocus` : undefined
  }>${whoIs(user)}
<span class="muted">${session ? 'Signed in' : 'Signed out'}</span></button>
<details class="more"><summary aria-label="More options for ${name}">&#8943;</summary><div>
${
  session &&
  html`<button type="submit" class="link" name="step" value="signout:${user.id}"
 aria-label="Sign out ${name}">Sign out</button>`
}
<button type="submit" class="link" name="step" value="forget:${user.id}" aria-label="${forget} ${name}">${forget}</button>
</div></details>
</div>`;
}

function whoIs({ displayName, userPrincipalName }: BrowserAccount['user']): Html {
  return html`<span>${displayName}</span> <span class="muted">${userPrincipalName}</span>`;
}
