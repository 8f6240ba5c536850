import { html } from './html.ts';
import type { Page } from './page.ts';

/** Where a sign-out ends that names no registered address to go to. */
export function signedOutPage(): Page {
  return {
    title: 'Sign out',
    body: html`<h1>You signed out of your account</h1>
<p>It's a good idea to close all browser windows.</p>`,
  };
}
