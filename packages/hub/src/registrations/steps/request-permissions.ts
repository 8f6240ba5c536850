import type { ProviderApi } from '../../providers/provider.ts';
import type { GraphClient } from '../graph-client.ts';
import type { ApiResource } from './find-resource.ts';
import type { StepResult } from './step-result.ts';

/**
 * Writes down what the application asks for (`requiredResourceAccess`): the one delegated permission of the API. This
 * grants nothing yet.
 */
export async function requestPermissions(
  graph: GraphClient,
  applicationObjectId: string,
  resource: ApiResource,
  { title, appId, permission }: ProviderApi,
): Promise<StepResult> {
  await graph.send('PATCH', `/applications/${encodeURIComponent(applicationObjectId)}`, {
    requiredResourceAccess: [
      {
        resourceAppId: appId,
        resourceAccess: [{ id: resource.permissionId, type: 'Scope' }],
      },
    ],
  });
  const offered = resource.applicationPermissions;
  const applicationPermissions =
    offered.length === 0
      ? `${title} offers no application permission`
      : `${title} offers application permissions, which are not needed: ${offered.join(', ')}`;
  return { detail: `${permission} (delegated); ${applicationPermissions}`, values: {} };
}
