import { Html, html } from '../../web/html.ts';
import { styles } from './styles.ts';

/** A page as an operation decides to show it; `sendPage` brings it out. */
export interface Page {
  title: string;
  body: Html;
  /** HTTP status; 200 when left out. */
  status?: number;
  /** Addresses that the page shows in frames. */
  frames?: readonly string[];
  /** Where the page goes on to by itself, after the frames had their time. */
  goesOnTo?: string | undefined;
  /** The page's only form is sent by itself, where scripts run. */
  submitsItself?: boolean;
}

/** The whole document. The nonce lets in our own style and script, and nothing else. */
export function renderDocument({ title, body, submitsItself, goesOnTo }: Page, nonce: string): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="none">
<title>${title}</title>
${goesOnTo === undefined ? undefined : html`<meta http-equiv="refresh" content="${`2;url=${goesOnTo}`}">`}
<style nonce="${nonce}">${new Html(styles)}</style>
</head>
<body>
<main>
<div class="brand"><span class="mark" aria-hidden="true"></span>Local Entra ID</div>
${body}
</main>
<footer>A local Microsoft cloud for development. Nothing here reaches Microsoft.</footer>
${submitsItself ? html`<script nonce="${nonce}">document.forms[0].submit();</script>` : undefined}
</body>
</html>
`.text;
}

/**
 * What a browser may do with the page. `form-action` is left out on purpose: browsers apply it to the redirect
 * that follows a form too, and ours ends at the app's redirect URI and wherever that leads.
 */
export function contentSecurityPolicy(nonce: string, frames: readonly string[] = []): string {
  return [
    "default-src 'none'",
    `style-src 'nonce-${nonce}'`,
    `script-src 'nonce-${nonce}'`,
    "base-uri 'none'",
    ...(frames.length > 0 ? [`frame-src ${frames.map((frame) => new URL(frame).origin).join(' ')}`] : []),
    "frame-ancestors 'none'",
  ].join('; ');
}
