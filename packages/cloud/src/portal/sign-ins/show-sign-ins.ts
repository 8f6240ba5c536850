import { lookUpAadsts } from '@latchkey/microsoft';
import type { SignInOutcome, SignInRecord } from '../../sign-in-log/sign-in-record.ts';
import { type Html, html } from '../../web/html.ts';
import { dataTable, plainNotice, selectField } from '../pages/form-parts.ts';
import { type PortalAnswer, type PortalRoute, type PortalVisit, showPage } from '../visit/portal-visit.ts';
import { decodedToken } from './decoded-token.ts';
import { applicationNameOf, formatMoment, matchesSearch, visibleSignIns } from './visible-sign-ins.ts';

const path = '/sign-ins';
const mostRows = 100;

/** The sign-in log: every request, with its AADSTS code and the tokens that came of it. */
export const signInLogRoutes: PortalRoute[] = [{ method: 'GET', path, handle: showSignIns }];

const outcomes: Readonly<Record<SignInOutcome, Html>> = {
  succeeded: html`<span class="granted">Success</span>`,
  refused: html`<span class="ungranted">Failure</span>`,
  waiting: html`Interrupted`,
};

const statusFilter: Readonly<Record<string, string>> = {
  '': 'Any',
  succeeded: 'Success',
  refused: 'Failure',
  waiting: 'Interrupted',
};

const requestFilter: Readonly<Record<string, string>> = {
  '': 'Any',
  authorize: 'Authorize',
  sign_in: 'Sign-in page',
  token: 'Token',
};

function showSignIns(visit: PortalVisit): PortalAnswer {
  return showPage({
    title: 'Sign-in log',
    area: 'sign-ins',
    trail: [{ title: 'Home', path: '/' }],
    body: visit.session.user.directoryRoles.includes('Global Administrator')
      ? log(visit)
      : plainNotice('Only a Global Administrator can read the sign-in log.'),
  });
}

function log(visit: PortalVisit): Html {
  const [search = '', status = '', request = ''] = ['search', 'status', 'request'].map((name) =>
    visit.query.get(name)?.trim(),
  );
  const found = visibleSignIns(visit).filter(
    (record) =>
      matchesSearch(record, search) &&
      (status === '' || record.outcome === status) &&
      (request === '' || record.endpoint === request),
  );
  return html`<p>The latest requests to this local Entra ID in your directory, the newest first, with the tokens that were
issued, decoded. It is kept in memory; the tokens themselves are never kept.</p>
<form class="search" role="search" action="${path}">
<div class="field"><label for="search">User, application (client) ID or error code</label>
<input type="search" id="search" name="search" value="${search}"></div>
${selectField({ id: 'status', label: 'Status', options: statusFilter, chosen: status })}
${selectField({ id: 'request', label: 'Request', options: requestFilter, chosen: request })}
<button type="submit" class="secondary">Search</button></form>
${
  found.length === 0
    ? plainNotice('No sign-ins were found.')
    : dataTable({
        label: 'Sign-ins',
        columns: ['Date (UTC)', 'User', 'Application', 'Request', 'Status', 'Tokens'],
        rows: found.slice(0, mostRows).map((record) => row(visit, record)),
      })
}
${
  found.length > mostRows
    ? html`<p class="muted">The latest ${String(mostRows)} of ${String(found.length)}. Search to see others.</p>`
    : undefined
}`;
}

function row(visit: PortalVisit, record: SignInRecord): (Html | string)[] {
  const { time, user, endpoint, version, grant, outcome, aadstsCode, tokens } = record;
  return [
    formatMoment(time),
    html`<span class="long">${user ?? '-'}</span>`,
    applicationNameOf(visit, record),
    [endpoint === 'sign_in' ? 'sign-in page' : endpoint, version === null ? '' : `v${version}`, grant ?? '']
      .filter(Boolean)
      .join(' '),
    html`${outcomes[outcome]}${aadstsCode === null ? undefined : explainedCode(aadstsCode)}`,
    tokens.length === 0 ? '-' : html`${tokens.map(decodedToken)}`,
  ];
}

function explainedCode(code: number): Html {
  const known = lookUpAadsts(code);
  if (!known) return html` AADSTS${String(code)}`;
  return html`<details><summary>AADSTS${String(code)}</summary>
<p>${known.cause}</p><p>${known.remedy}</p></details>`;
}
