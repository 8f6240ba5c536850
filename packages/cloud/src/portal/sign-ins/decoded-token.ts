import type { IssuedToken } from '../../sign-in-log/sign-in-record.ts';
import { type Html, html } from '../../web/html.ts';

const indent = 2;

export const tokenTitles: Readonly<Record<IssuedToken['kind'], string>> = {
  access_token: 'Access token',
  id_token: 'ID token',
};

/** A token to unfold: header and claims, as a decoder shows them. The signature was never kept. */
export function decodedToken({ kind, header, claims }: IssuedToken): Html {
  return html`<details><summary>${tokenTitles[kind]}</summary>
<p class="muted">Header</p><pre>${JSON.stringify(header, null, indent)}</pre>
<p class="muted">Claims</p><pre>${JSON.stringify(claims, null, indent)}</pre></details>`;
}
