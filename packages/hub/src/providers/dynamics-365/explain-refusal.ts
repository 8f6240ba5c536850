import type { RemoteError } from '@latchkey/api';
import { dataverseErrors, parseDataverseError } from '@latchkey/microsoft';
import { HubError } from '../../errors/hub-error.ts';
import {
  firstServerError,
  forbidden,
  requestTimeout,
  tooManyRequests,
  unauthorized,
} from '../../ground/http-status.ts';
import type { OutboundResponse } from '../../outbound/outbound-http.ts';

/**
 * Refusals that concern the whole connection: no user, no role, no licence, a disabled user, a blocked app, a closed
 * environment. All others are about one table or row, and the connection is as good as before.
 */
const lockedOutCodes: ReadonlySet<string> = new Set([
  dataverseErrors.userNotMemberOfOrganization,
  dataverseErrors.userNotAssignedRoles,
  dataverseErrors.userNotAssignedLicense,
  dataverseErrors.userNotEnabled,
  dataverseErrors.systemUserDisabled,
  dataverseErrors.applicationRestricted,
  dataverseErrors.organizationDisabled,
]);

const ownUser =
  'For a connection of the app itself the hub makes that user: choose "Connect as the app itself" on its page.';

/** Turns an answer of the CRM that is no success into a failure with its own words and who has to act. */
export function explainRefusal(answer: OutboundResponse): HubError {
  const { status } = answer;
  const details = parseDataverseError(answer);
  const remote: RemoteError = {
    system: 'dataverse',
    code: details?.code || null,
    oauthError: null,
    message: details?.message ?? `HTTP ${status} without an error of the Web API.`,
    httpStatus: status,
    traceId: answer.headers['x-ms-service-request-id'] ?? null,
    correlationId: answer.headers.req_id ?? null,
    timestamp: null,
    helpLink: null,
  };
  if (status === unauthorized) {
    const detail = 'Dynamics 365 does not accept the access token, nor a new one.';
    return new HubError('crm_refused', { detail, remote });
  }
  const isTransient = status === requestTimeout || status === tooManyRequests || status >= firstServerError;
  if (isTransient)
    return new HubError('crm_unavailable', { detail: `Dynamics 365 answered with HTTP ${status}.`, remote });
  if (status !== forbidden && !details) {
    return new HubError('crm_nonsense', { detail: `The environment answered with HTTP ${status}.`, remote });
  }
  const { entry } = details ?? {};
  const further = remote.code === dataverseErrors.userNotMemberOfOrganization ? ` ${ownUser}` : '';
  return new HubError('crm_refused', {
    detail: entry?.cause ?? remote.message,
    remote,
    ...(entry && { remedy: `${entry.remedy}${further}`, whoActs: entry.whoActs }),
  });
}

/** @returns the failure when the answer says that the connection as a whole is locked out; undefined otherwise */
export function explainLockOut(answer: OutboundResponse): HubError | undefined {
  const code = parseDataverseError(answer)?.code;
  return code !== undefined && lockedOutCodes.has(code) ? explainRefusal(answer) : undefined;
}
