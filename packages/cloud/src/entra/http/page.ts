import { Html, html } from '../../web/html.ts';
import { pageScript } from './page-script.ts';
import { hintStyles, styles } from './styles.ts';

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
  /** What helps a person who tries the cloud out; scripts for the real page don't come across it. */
  hint?: Html | undefined;
}

/** The whole document. The nonce lets in our own style and script, and nothing else. */
export function renderDocument({ title, body, submitsItself, goesOnTo, hint }: Page, nonce: string): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="none">
<title>${title}</title>
${goesOnTo === undefined ? undefined : html`<meta http-equiv="refresh" content="${`2;url=${goesOnTo}`}">`}
<style nonce="${nonce}">${new Html(styles)}</style>
<noscript><style nonce="${nonce}">input[data-step] { display: none; }</style></noscript>
</head>
<body>
<main>
<div class="brand"><span class="mark" aria-hidden="true"></span>Local Entra ID</div>
<div id="lightbox">
${body}
</div>
</main>
${hint && renderHint(hint, nonce)}
<footer>A local Microsoft cloud for development. Nothing here reaches Microsoft.</footer>
<script nonce="${nonce}">${new Html(submitsItself ? 'document.forms[0].submit();' : pageScript)}</script>
</body>
</html>
`.text;
}

/** In a closed shadow tree: it is seen, read out and pressed, and no selector or text search of a script finds it. */
function renderHint(hint: Html, nonce: string): Html {
  return html`<div class="hint"><template shadowrootmode="closed"><style nonce="${nonce}">${new Html(hintStyles)}</style>
<aside aria-label="For who tries this cloud out">${hint}</aside></template></div>`;
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
