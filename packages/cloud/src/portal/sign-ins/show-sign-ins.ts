import { findApplicationByAppId } from '../../directory/applications.ts';
import { type Html, html } from '../../entra/pages/html.ts';
import type { SignInOutcome, SignInRecord } from '../../sign-in-log/sign-in-record.ts';
import { dataTable, plainNotice } from '../pages/form-parts.ts';
import { type PortalAnswer, type PortalRoute, type PortalVisit, showPage } from '../portal-visit.ts';

const path = '/sign-ins';
const mostRows = 100;
const indent = 2;

/** The sign-in log: every request, with its AADSTS code and the claims of the token that came of it. */
export const signInLogRoutes: PortalRoute[] = [{ method: 'GET', path, handle: showSignIns }];

const outcomes: Readonly<Record<SignInOutcome, Html>> = {
  succeeded: html`<span class="granted">Success</span>`,
  refused: html`<span class="ungranted">Failure</span>`,
  waiting: html`Interrupted`,
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
  const search = (visit.query.get('search') ?? '').trim();
  const found = visit.context.signIns.list().filter((record) => matches(record, search));
  return html`<p>The latest requests to this local Entra ID, the newest first, with the claims of the tokens that were
issued. It is kept in memory; tokens themselves are never kept.</p>
<form class="search" role="search" action="${path}">
<div class="field"><label for="search">User, application (client) ID or error code</label>
<input type="search" id="search" name="search" value="${search}"></div>
<button type="submit" class="secondary">Search</button></form>
${
  found.length === 0
    ? plainNotice('No sign-ins were found.')
    : dataTable({
        label: 'Sign-ins',
        columns: ['Date (UTC)', 'User', 'Application', 'Request', 'Status', 'Token'],
        rows: found.slice(0, mostRows).map((record) => row(visit, record)),
      })
}
${
  found.length > mostRows
    ? html`<p class="muted">The latest ${String(mostRows)} of ${String(found.length)}. Search to see others.</p>`
    : undefined
}`;
}

function matches({ user, clientId, aadstsCode }: SignInRecord, search: string): boolean {
  const wanted = search.toLowerCase().replace(/^aadsts/, '');
  return [user, clientId, aadstsCode === null ? null : String(aadstsCode)].some((value) =>
    (value ?? '').toLowerCase().includes(wanted),
  );
}

function row({ context: { directory } }: PortalVisit, record: SignInRecord): (Html | string)[] {
  const { time, user, clientId, endpoint, version, grant, outcome, aadstsCode, claims } = record;
  const application = clientId === null ? undefined : findApplicationByAppId(directory, clientId);
  return [
    new Date(time).toISOString().replace('T', ' ').slice(0, 'YYYY-MM-DD hh:mm:ss'.length),
    user ?? '-',
    application?.displayName ?? clientId ?? '-',
    [endpoint === 'sign_in' ? 'sign-in page' : endpoint, version === null ? '' : `v${version}`, grant ?? '']
      .filter(Boolean)
      .join(' '),
    html`${outcomes[outcome]}${aadstsCode === null ? undefined : html` AADSTS${String(aadstsCode)}`}`,
    claims === null
      ? '-'
      : html`<details><summary>Claims</summary><pre>${JSON.stringify(claims, null, indent)}</pre></details>`,
  ];
}
