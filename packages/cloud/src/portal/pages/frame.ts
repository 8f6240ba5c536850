import { Html, html } from '../../web/html.ts';
import type { PortalSession } from '../session/sessions.ts';
import { formTokenField } from './form-parts.ts';
import { applicationMenu, directoriesPath, portalMenu, titleOfBlade } from './navigation.ts';
import type { PortalPage } from './portal-page.ts';
import { script } from './script.ts';
import { styles } from './styles.ts';

const portalName = 'Local Microsoft Entra admin center';

/**
 * The whole document around a page. Without a session (signed out, or what went wrong before) there are no menus.
 *
 * @param nonce lets in our own style and script, and nothing else
 */
export function renderDocument(
  page: PortalPage,
  {
    session,
    hasClock,
    hasDirectories,
    nonce,
  }: {
    session: Pick<PortalSession, 'user' | 'tenant' | 'formToken'> | undefined;
    hasClock: boolean;
    /** Whether there is another directory to go to. */
    hasDirectories: boolean;
    nonce: string;
  },
): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="none">
<title>${page.application ? `${page.application.application.displayName} | ` : ''}${page.title} - ${portalName}</title>
<style nonce="${nonce}">${new Html(styles)}</style>
</head>
<body>
<a class="skip" href="#content">Skip to content</a>
<header class="top"><a href="/">${portalName}</a>${session && identity(session, hasDirectories)}</header>
<div class="frame">
${session ? portalMenu(page.area, { hasClock }) : html`<div></div>`}
<main id="content" tabindex="-1">
${breadcrumb(page)}
<h1>${heading(page)}</h1>
${content(page)}
<div id="status" role="status" class="visually-hidden"></div>
</main>
</div>
<script nonce="${nonce}">${new Html(script)}</script>
</body>
</html>
`.text;
}

function identity(
  session: Pick<PortalSession, 'user' | 'tenant' | 'formToken'>,
  hasDirectories: boolean,
): Html {
  const { user, tenant } = session;
  return html`<div class="who"><strong>${user.userPrincipalName}</strong>${
    hasDirectories
      ? html`<a href="${directoriesPath}">${tenant.displayName}<span class="visually-hidden">: switch directory</span></a>`
      : tenant.displayName
  }</div>
<form method="post" action="/signout">${formTokenField({ session })}<button type="submit">Sign out</button></form>`;
}

function breadcrumb({ trail }: PortalPage): Html | undefined {
  if (!trail) return undefined;
  return html`<nav class="trail" aria-label="Breadcrumb"><ul>
${trail.map(({ title, path }) => html`<li><a href="${path}">${title}</a></li>`)}</ul></nav>`;
}

function heading({ title, application }: PortalPage): string {
  if (!application) return title;
  const { displayName } = application.application;
  const blade = titleOfBlade(application.blade);
  return blade === title ? `${displayName} | ${title}` : title;
}

function content({ application, body }: PortalPage): Html {
  if (!application) return body;
  return html`<div class="with-blades">${applicationMenu(application.application.id, application.blade)}
<div>${body}</div></div>`;
}

/**
 * What a browser may do with a page. Forms may end at the portal alone, and where a sign-out or a sign-in leads:
 * browsers apply `form-action` to the redirects after a form, too.
 */
export function contentSecurityPolicy(nonce: string, signInOrigins: readonly string[]): string {
  return [
    "default-src 'none'",
    `style-src 'nonce-${nonce}'`,
    `script-src 'nonce-${nonce}'`,
    `form-action 'self' ${signInOrigins.join(' ')}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}
