import { html } from '../../web/html.ts';
import type { Page } from '../http/page.ts';

/** Hands the answer to the app by a form (OAuth 2.0 Form Post Response Mode); without scripts, by a button. */
export function formPostPage(redirectUri: string, parameters: readonly [string, string][]): Page {
  return {
    title: 'Working...',
    submitsItself: true,
    body: html`<form method="post" action="${redirectUri}">
${parameters.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}
<p>Signing you in. Choose Continue if nothing happens.</p>
<div class="actions"><input type="submit" id="idSIButton9" value="Continue"></div>
</form>`,
  };
}
