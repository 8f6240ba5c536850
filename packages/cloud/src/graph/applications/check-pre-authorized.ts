import { preauthorizedClientsOf } from '../../directory/preauthorized-clients.ts';
import { isRecord } from '../../ground/json.ts';
import { badRequest } from '../errors/graph-error.ts';
import type { GraphResource } from '../operation/graph-operation.ts';
import type { ApplicationDraft } from './apply-application-properties.ts';

const target = 'api.preAuthorizedApplications.delegatedPermissionIds';

/**
 * What a body gives clients ahead in `api.preAuthorizedApplications` must be among what the application offers once it
 * is changed. The clients need not be there: not all of Microsoft's own, such as those of Teams, are.
 *
 * @param given the body's properties
 * @throws GraphError 400
 */
export function checkPreAuthorized(given: GraphResource, draft: ApplicationDraft): void {
  if (!isRecord(given.api) || given.api.preAuthorizedApplications === undefined) return;
  const { api, appRoles } = draft.document;
  const offered = new Set([...api.oauth2PermissionScopes, ...appRoles].map(({ id }) => id));
  for (const { delegatedPermissionIds } of preauthorizedClientsOf(draft.document)) {
    if (delegatedPermissionIds.every((id) => offered.has(id))) continue;
    const message = `Property ${target} has a Permission Id that cannot be found in the AppPermissions sets.`;
    throw badRequest(message, { code: 'InvalidValue', message, target });
  }
}
