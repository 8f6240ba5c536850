import { html } from '../../web/html.ts';
import type { Page } from '../http/page.ts';
import { passwordHint } from './people-hint.ts';

/** Where the links lead for who can't sign in. */
export const passwordHelpPath = '/passwordreset';

/**
 * "Get back into your account". Nobody here has a telephone or another address that would prove who they are.
 *
 * @param portal its address
 */
export function passwordHelpPage(portal: string): Page {
  return {
    title: 'Reset your password',
    hint: passwordHint,
    body: html`<h1>Get back into your account</h1>
<p>A local cloud resets no passwords by itself. An administrator sets a new one on the page Users of
<a href="${portal}">the portal</a>.</p>`,
  };
}
