import { html } from './html.ts';
import type { Page } from './page.ts';

/** Where a sign-out ends, or passes through while other apps are told; `location` is where it goes on to. */
export function signedOutPage({
  frames,
  location,
}: {
  frames: readonly string[];
  location: string | undefined;
}): Page {
  return {
    title: 'Sign out',
    frames,
    goesOnTo: location,
    body: html`<h1>You signed out of your account</h1>
<p>It's a good idea to close all browser windows.</p>
${location === undefined ? undefined : html`<p><a href="${location}">Continue</a></p>`}
${frames.map((frame) => html`<iframe src="${frame}" title="Signing out of another app" hidden></iframe>`)}`,
  };
}
