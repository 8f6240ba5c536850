import { findApplicationByAppId } from './applications.ts';
import {
  type ConsentRequest,
  type ConsentRequestDecision,
  decideConsentRequests,
} from './consent-requests.ts';
import { installApplication } from './install-application.ts';
import type { Directory } from './open-directory.ts';
import { consentToScopes } from './permission-grants.ts';

/**
 * Answers a request for an administrator's consent. An approval consents, for everybody in the tenant, to what it asks
 * for; either answer is for all who asked for the same application.
 *
 * @param decidedBy id of the administrator, null when the admin API did
 */
export function answerConsentRequest(
  directory: Directory,
  request: ConsentRequest,
  decision: ConsentRequestDecision,
  decidedBy: string | null,
): void {
  directory.transaction(() => {
    if (decision === 'Approve') consentToPending(directory, request);
    decideConsentRequests(directory, request, decision, decidedBy);
  });
}

function consentToPending(directory: Directory, { tenantId, appId, pending }: ConsentRequest): void {
  const application = findApplicationByAppId(directory, appId);
  if (!application) return;
  const client = installApplication(directory, tenantId, application);
  for (const { resourceId, scopes } of pending) {
    consentToScopes(directory, {
      tenantId,
      clientId: client.id,
      resourceId,
      consentType: 'AllPrincipals',
      principalId: null,
      scopes,
    });
  }
}
