import type { ApplicationFacts } from '../checks/read-application.ts';
import type { GraphClient } from '../graph-client.ts';

/** A permission of an API, as an application asks for it. */
interface WantedPermission {
  resourceAppId: string;
  id: string;
  type: 'Scope' | 'Role';
}

/**
 * Adds a permission to what an application asks for, where it is not there yet. Graph takes the whole list, so what is there
 * goes with it.
 */
export async function askFor(
  graph: GraphClient,
  { id: applicationId, requiredResourceAccess: present }: ApplicationFacts,
  { resourceAppId, id, type }: WantedPermission,
): Promise<void> {
  const ofApi = present.find((api) => api.resourceAppId === resourceAppId)?.resourceAccess ?? [];
  if (ofApi.some((one) => one.id === id && one.type === type)) return;
  const others = present.filter((api) => api.resourceAppId !== resourceAppId);
  await graph.send('PATCH', `/applications/${encodeURIComponent(applicationId)}`, {
    requiredResourceAccess: [...others, { resourceAppId, resourceAccess: [...ofApi, { id, type }] }],
  });
}
