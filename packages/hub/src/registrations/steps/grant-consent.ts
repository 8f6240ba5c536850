import { z } from 'zod';
import type { ProviderApi } from '../../providers/provider.ts';
import { filterBy, type GraphClient } from '../graph-client.ts';
import { graphText } from '../graph-text.ts';
import type { ApiResource } from './find-resource.ts';
import type { StepResult } from './step-result.ts';

const grant = z.object({
  id: graphText,
  consentType: z.string(),
  resourceId: z.string(),
  scope: z.string().nullish(),
});

/**
 * Consents for everybody in the tenant. There is one grant for each client, resource and kind of consent, and a second
 * POST is refused: so look first, then add to what is there.
 *
 * @param servicePrincipalId the client's object id; grants don't name clients by application id
 */
export async function grantConsent(
  graph: GraphClient,
  servicePrincipalId: string,
  resource: ApiResource,
  { permission }: ProviderApi,
): Promise<StepResult> {
  const grants = await graph.list(
    `/oauth2PermissionGrants?${filterBy('clientId', servicePrincipalId)}`,
    grant,
  );
  const existing = grants.find(
    ({ consentType, resourceId }) =>
      consentType === 'AllPrincipals' && resourceId === resource.servicePrincipalId,
  );
  const id = existing
    ? await extendGrant(graph, existing, permission)
    : (await graph.post('/oauth2PermissionGrants', newGrant(servicePrincipalId, resource, permission), grant))
        .id;
  return {
    detail: `${permission} for everybody in the tenant`,
    values: { grant_id: id, admin_consent_granted: 1 },
  };
}

async function extendGrant(
  graph: GraphClient,
  { id, scope }: z.infer<typeof grant>,
  permission: string,
): Promise<string> {
  const granted = (scope ?? '').split(' ').filter(Boolean);
  if (!granted.includes(permission)) {
    // PATCH replaces the whole list.
    await graph.send('PATCH', `/oauth2PermissionGrants/${encodeURIComponent(id)}`, {
      scope: [...granted, permission].join(' '),
    });
  }
  return id;
}

function newGrant(servicePrincipalId: string, resource: ApiResource, permission: string) {
  return {
    clientId: servicePrincipalId,
    consentType: 'AllPrincipals',
    principalId: null,
    resourceId: resource.servicePrincipalId,
    scope: permission,
  };
}
