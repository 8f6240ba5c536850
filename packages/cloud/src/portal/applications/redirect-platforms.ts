import { type Html, html } from '../../web/html.ts';

type RedirectPlatform = 'web' | 'spa' | 'publicClient';

/** Under what a redirect URI may be registered, in the words of the portal. */
export const redirectPlatforms: readonly { platform: RedirectPlatform; title: string; hint: string }[] = [
  { platform: 'web', title: 'Web', hint: 'A server that keeps a client secret.' },
  {
    platform: 'spa',
    title: 'Single-page application',
    hint: 'Code in the browser, with PKCE and no secret.',
  },
  {
    platform: 'publicClient',
    title: 'Public client/native (mobile & desktop)',
    hint: 'An app on a device, which can keep no secret.',
  },
];

export function isRedirectPlatform(text: string | undefined): text is RedirectPlatform {
  return redirectPlatforms.some(({ platform }) => platform === text);
}

export const missingPlatform = { message: 'Select a platform for the redirect URI.' };

/** The two fields of a redirect URI: its platform, and itself. */
export function redirectUriFields({ platform, uri }: { platform?: string; uri?: string }): Html {
  return html`<div class="field"><label for="platform">Platform</label>
<select id="platform" name="platform"><option value="">Select a platform</option>
${redirectPlatforms.map(
  (known) =>
    html`<option value="${known.platform}"${known.platform === platform ? html` selected` : undefined}>${known.title}</option>`,
)}</select></div>
<div class="field"><label for="uri">Redirect URI</label>
<span class="hint" id="uri-hint">Begins with https, or with http://localhost for development.</span>
<input type="text" id="uri" name="uri" value="${uri ?? ''}" placeholder="e.g. https://example.com/auth" spellcheck="false"
 autocapitalize="none" aria-describedby="uri-hint"></div>`;
}
