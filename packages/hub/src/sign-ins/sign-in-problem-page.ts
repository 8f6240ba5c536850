import { type HubError, toFailure } from '../errors/hub-error.ts';

/**
 * The page for a sign-in that can't be led back to anything: what happened, what to do, and the way back. It has no
 * script, and repeats nothing of the address it was called by.
 */
export function signInProblemPage(error: HubError, backUrl: string): string {
  const { title, detail, remedy, code, remote } = toFailure(error);
  const sentence = detail === title ? '' : `<p>${escapeHtml(detail)}</p>`;
  const words = remote ? `<p>Microsoft says: <q>${escapeHtml(remote.message)}</q></p>` : '';
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)} · Latchkey</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; max-width: 40rem; margin: 15vh auto 0; padding: 0 1.5rem; color: #1b1a19; }
h1 { font-size: 1.5rem; }
a { color: #0b5cad; }
code { color: #605e5c; }
@media (prefers-color-scheme: dark) {
  body { background: #1b1a19; color: #f3f2f1; }
  a { color: #6cb8f6; }
  code { color: #c8c6c4; }
}
</style>
</head>
<body>
<main>
<h1>${escapeHtml(title)}</h1>
${sentence}${words}
<p>${escapeHtml(remedy)}</p>
<p><a href="${escapeHtml(backUrl)}">Back to Latchkey</a></p>
<p><code>${escapeHtml(code)}</code></p>
</main>
</body>
</html>
`;
}

/** Nothing is loaded and nothing runs; only the page's own styles apply. */
export const signInProblemPolicy =
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'";

function escapeHtml(text: string): string {
  const entities: Record<string, string> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}
