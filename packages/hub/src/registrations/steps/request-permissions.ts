import { dynamics365Api } from '../../providers/dynamics-365/dynamics-365-api.ts';
import type { GraphClient } from '../graph-client.ts';
import type { DynamicsResource } from './find-dynamics.ts';
import type { StepResult } from './step-result.ts';

/**
 * Writes down what the application asks for (`requiredResourceAccess`): the delegated `user_impersonation`. This grants
 * nothing yet.
 */
export async function requestPermissions(
  graph: GraphClient,
  applicationObjectId: string,
  dynamics: DynamicsResource,
): Promise<StepResult> {
  await graph.send('PATCH', `/applications/${applicationObjectId}`, {
    requiredResourceAccess: [
      {
        resourceAppId: dynamics365Api.appId,
        resourceAccess: [{ id: dynamics.permissionId, type: 'Scope' }],
      },
    ],
  });
  const { title, permission } = dynamics365Api;
  const offered = dynamics.applicationPermissions;
  const applicationPermissions =
    offered.length === 0
      ? `${title} offers no application permission`
      : `${title} offers application permissions, which are not needed: ${offered.join(', ')}`;
  return { detail: `${permission} (delegated); ${applicationPermissions}`, values: {} };
}
