import { type Html, html } from '../../web/html.ts';
import type { Page } from '../http/page.ts';

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
    body: html`<div class="title" id="login_workload_logo_text" role="heading" aria-level="1">You signed out of your account</div>
<div class="text" id="SignOutStatusMessage">It's a good idea to close all browser windows.</div>
${location === undefined ? undefined : html`<p><a href="${location}">Continue</a></p>`}
${hiddenFrames(frames)}`,
  };
}

/** The pages of apps that are told of a sign-out (OpenID Connect Front-Channel Logout §2). */
export function hiddenFrames(frames: readonly string[]): Html[] {
  return frames.map(
    (frame) => html`<iframe src="${frame}" title="Signing out of another app" hidden></iframe>`,
  );
}
