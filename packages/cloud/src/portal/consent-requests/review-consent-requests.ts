import { mayConsentForOrganization } from '../../directory/administrator-roles.ts';
import { answerConsentRequest } from '../../directory/answer-consent-request.ts';
import { findApplicationByAppId } from '../../directory/applications.ts';
import {
  type ConsentRequest,
  findConsentRequest,
  listConsentRequests,
} from '../../directory/consent-requests.ts';
import { findServicePrincipal } from '../../directory/service-principals.ts';
import { tenantPolicy } from '../../directory/tenant-policy.ts';
import { findUser } from '../../directory/users.ts';
import { accessDenied, resourceNotFound } from '../../graph/errors/graph-error.ts';
import { type Html, html } from '../../web/html.ts';
import {
  askedButton,
  dataTable,
  formatDay,
  formTokenField,
  goodNotice,
  plainNotice,
} from '../pages/form-parts.ts';
import {
  goTo,
  type PortalAnswer,
  type PortalRoute,
  type PortalVisit,
  showPage,
} from '../visit/portal-visit.ts';

const path = '/consent-requests';

const doneTexts: Readonly<Record<string, string>> = {
  approved: 'Consent was granted for everybody in the directory.',
  denied: 'The request was denied.',
};

/** "Admin consent requests": what people asked the administrators for, on the page "Approval required". */
export const consentRequestRoutes: PortalRoute[] = [
  { method: 'GET', path, handle: showRequests },
  { method: 'POST', path: `${path}/:request/approve`, handle: (visit) => decide(visit, 'Approve') },
  { method: 'POST', path: `${path}/:request/deny`, handle: (visit) => decide(visit, 'Deny') },
];

function decide(visit: PortalVisit, decision: 'Approve' | 'Deny'): PortalAnswer {
  const { directory } = visit.context;
  const { user, tenant } = visit.session;
  if (!mayConsentForOrganization(user)) throw accessDenied();
  const id = visit.params.request ?? '';
  const request = findConsentRequest(directory, id);
  if (request?.tenantId !== tenant.id) throw resourceNotFound(id);
  // Decided by a colleague meanwhile: what they said counts.
  if (request.decision === null) {
    answerConsentRequest(directory, request, decision, user.id);
  }
  return goTo(`${path}?done=${decision === 'Approve' ? 'approved' : 'denied'}`);
}

function showRequests(visit: PortalVisit): PortalAnswer {
  const { context, session, query } = visit;
  return showPage({
    title: 'Admin consent requests',
    area: 'consent-requests',
    trail: [{ title: 'Home', path: '/' }],
    body: mayConsentForOrganization(session.user)
      ? html`${goodNotice(doneTexts[query.get('done') ?? ''])}${requestList(visit, listConsentRequests(context.directory, session.tenant.id))}`
      : plainNotice('Only administrators can review requests for consent.'),
  });
}

function requestList(visit: PortalVisit, requests: readonly ConsentRequest[]): Html {
  const isOn = tenantPolicy(visit.context.directory, visit.session.tenant.id).adminConsentRequests === 'on';
  return html`<p>Where people may not consent themselves, they can ask here. ${
    isOn
      ? 'Requests are on.'
      : html`Requests are off; they are switched on under <a href="/policies">Policies</a>.`
  }</p>
${
  requests.length === 0
    ? plainNotice('Nobody asked for anything.')
    : dataTable({
        label: 'Admin consent requests',
        columns: ['Application', 'Requested by', 'Justification', 'Permissions', 'Date', 'Decision'],
        rows: requests.map((request) => row(visit, request)),
      })
}`;
}

function row(visit: PortalVisit, request: ConsentRequest): (Html | string)[] {
  const { directory } = visit.context;
  const { appId, userId, reason, createdAt, pending, tenantId } = request;
  const application = findApplicationByAppId(directory, appId)?.displayName ?? appId;
  return [
    application,
    html`<span class="long">${findUser(directory, userId)?.userPrincipalName ?? userId}</span>`,
    reason,
    pending
      .map(({ resourceId, scopes }) => {
        const api = findServicePrincipal(directory, tenantId, resourceId)?.displayName ?? resourceId;
        return `${api}: ${scopes.join(', ')}`;
      })
      .join('; '),
    formatDay(createdAt),
    stateOf(visit, request, application),
  ];
}

function stateOf(visit: PortalVisit, request: ConsentRequest, application: string): Html {
  if (request.decision === 'Approve') return html`<span class="granted">Approved</span>`;
  if (request.decision === 'Deny') return html`<span class="ungranted">Denied</span>`;
  return html`<form method="post" action="${path}/${request.id}/approve">${formTokenField(visit)}
<button type="submit">Approve<span class="visually-hidden"> ${application}</span></button></form>
${askedButton(visit, {
  label: 'Deny',
  name: application,
  action: `${path}/${request.id}/deny`,
  fields: {},
  warning: 'The person is told that an administrator has to consent.',
  answer: 'Yes, deny',
})}`;
}
