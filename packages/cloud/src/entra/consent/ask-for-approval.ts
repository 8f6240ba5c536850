import type { Application } from '../../directory/applications.ts';
import { createConsentRequest, hasWaitingRequest } from '../../directory/consent-requests.ts';
import type { RequestedPermissions } from '../../directory/record-consent.ts';
import { tenantPolicy } from '../../directory/tenant-policy.ts';
import type { User } from '../../directory/users.ts';
import { type Outcome, showPage } from '../http/outcome.ts';
import { approvalRequestPage, approvalSentPage } from '../pages/approval-pages.ts';
import { adminApprovalPage } from '../pages/consent-pages.ts';
import type { Flow } from '../visit/flow.ts';
import type { PageVisit } from '../visit/page-visit.ts';

/** What one request may say; longer ones are not taken. */
const longestReason = 500;

/**
 * Shows that an administrator has to consent; where the tenant takes requests ("admin consent workflow"), with a form
 * for one, and what became of it. A request is sent once, until somebody decides on it.
 */
export function askForApproval(
  visit: PageVisit,
  flow: Flow,
  {
    application,
    user,
    requested,
  }: { application: Application; user: User; requested: readonly RequestedPermissions[] },
): Outcome {
  const { directory, random } = visit.context;
  const { approvalReason: reason, ...next } = flow;
  const target = visit.target('consent', { ...next, userId: user.id });
  const { tenantId } = user;
  if (tenantPolicy(directory, tenantId).adminConsentRequests === 'off') {
    return showPage(adminApprovalPage(target, { application, user }));
  }
  const subject = { tenantId, appId: application.appId, userId: user.id };
  if (hasWaitingRequest(directory, subject)) {
    return showPage(approvalSentPage(target, { application, user }));
  }
  const problem = reason === undefined ? undefined : problemOf(reason);
  if (reason === undefined || problem !== undefined) {
    return showPage(approvalRequestPage(target, { application, user, requested, problem, reason }));
  }
  const pending = requested
    .filter(({ scopes }) => scopes.length > 0)
    .map(({ resource, scopes }) => ({ resourceId: resource.id, scopes: scopes.map(({ value }) => value) }));
  createConsentRequest(directory, { ...subject, id: random.guid(), reason: reason.trim(), pending });
  return showPage(approvalSentPage(target, { application, user }));
}

function problemOf(reason: string): string | undefined {
  if (reason.trim() === '') return 'Enter a justification for your request.';
  if (reason.length > longestReason) return `The justification has more than ${longestReason} characters.`;
  return undefined;
}
