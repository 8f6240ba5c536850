import { millisecondsPerSecond } from '../../ground/durations.ts';
import type { IssuedToken, SignInRecord } from '../../sign-in-log/sign-in-record.ts';
import { type Html, html } from '../../web/html.ts';
import { plainNotice, selectField } from '../pages/form-parts.ts';
import { type PortalAnswer, type PortalRoute, type PortalVisit, showPage } from '../visit/portal-visit.ts';
import { decodedToken, tokenTitles } from './decoded-token.ts';
import { applicationNameOf, formatMoment, matchesSearch, visibleSignIns } from './visible-sign-ins.ts';

const path = '/tokens';
const mostRows = 100;

/** Every token that was issued, decoded. */
export const tokenRoutes: PortalRoute[] = [{ method: 'GET', path, handle: showTokens }];

const kindFilter: Readonly<Record<string, string>> = { '': 'Any', ...tokenTitles };

function showTokens(visit: PortalVisit): PortalAnswer {
  return showPage({
    title: 'Issued tokens',
    area: 'tokens',
    trail: [{ title: 'Home', path: '/' }],
    body: visit.session.user.directoryRoles.includes('Global Administrator')
      ? list(visit)
      : plainNotice('Only a Global Administrator can read the issued tokens.'),
  });
}

function list(visit: PortalVisit): Html {
  const search = (visit.query.get('search') ?? '').trim();
  const kind = visit.query.get('kind') ?? '';
  const found = visibleSignIns(visit)
    .filter((record) => matchesSearch(record, search))
    .flatMap((record) => record.tokens.map((token) => ({ record, token })))
    .filter(({ token }) => kind === '' || token.kind === kind);
  return html`<p>The latest access and ID tokens of your directory, the newest first: for whom and for what each was issued,
with its header and its claims. Signatures and refresh tokens are not kept, so nothing here lets anybody in.</p>
<form class="search" role="search" action="${path}">
<div class="field"><label for="search">User or application (client) ID</label>
<input type="search" id="search" name="search" value="${search}"></div>
${selectField({ id: 'kind', label: 'Token', options: kindFilter, chosen: kind })}
<button type="submit" class="secondary">Search</button></form>
${
  found.length === 0
    ? plainNotice('No tokens were found.')
    : html`<ul class="cards" aria-label="Issued tokens">${found.slice(0, mostRows).map((item) => card(visit, item))}</ul>`
}
${
  found.length > mostRows
    ? html`<p class="muted">The latest ${String(mostRows)} of ${String(found.length)}. Search to see others.</p>`
    : undefined
}`;
}

function card(visit: PortalVisit, { record, token }: { record: SignInRecord; token: IssuedToken }): Html {
  const { aud, exp, scp, roles } = token.claims;
  const facts: [string, string][] = [
    ['Issued (UTC)', formatMoment(record.time)],
    ['Ends (UTC)', typeof exp === 'number' ? formatMoment(exp * millisecondsPerSecond) : textOf(exp)],
    ['For', record.user ?? 'The application itself'],
    ['Application', applicationNameOf(visit, record)],
    ['Audience', textOf(aud)],
    ['Permissions', textOf(scp ?? roles)],
  ];
  return html`<li class="card"><dl class="facts">${facts.map(
    ([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`,
  )}</dl>${decodedToken(token)}</li>`;
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(String).join(', ');
  return typeof value === 'string' ? value : '-';
}
