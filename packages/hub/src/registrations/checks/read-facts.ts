import { z } from 'zod';
import { forbidden } from '../../ground/http-status.ts';
import type { ProviderApi } from '../../providers/provider.ts';
import type { RegistrationRow } from '../../store/schema.ts';
import { filterBy, type GraphClient } from '../graph-client.ts';
import { GraphError } from '../graph-error.ts';
import type { ReadFacts } from './judge-application.ts';
import { readApplication, readServicePrincipal } from './read-application.ts';

const resource = z.object({
  id: z.string(),
  oauth2PermissionScopes: z.array(z.object({ id: z.string(), value: z.string().nullish() })).default([]),
});
const grant = z.object({
  consentType: z.string(),
  resourceId: z.string(),
  scope: z.string().nullish(),
});

/**
 * Reads back from Microsoft Graph what a registration consists of. What consents there are may be read by fewer callers
 * than the rest; then they stay unknown.
 */
export async function readFacts(
  graph: GraphClient,
  row: Pick<RegistrationRow, 'client_id'>,
  api: ProviderApi,
): Promise<ReadFacts> {
  const application = await readApplication(graph, row);
  const servicePrincipal = application && (await readServicePrincipal(graph, row));
  const [found] = await graph.list(
    `/servicePrincipals?${filterBy('appId', api.appId)}&$select=id,oauth2PermissionScopes`,
    resource,
  );
  const permission = found?.oauth2PermissionScopes.find(({ value }) => value === api.permission);
  return {
    application,
    servicePrincipal,
    permissionId: permission?.id ?? null,
    grantedScopes:
      servicePrincipal && found ? await readGrantedScopes(graph, servicePrincipal.id, found.id) : null,
  };
}

async function readGrantedScopes(
  graph: GraphClient,
  clientId: string,
  resourceId: string,
): Promise<string[] | null> {
  try {
    const grants = await graph.list(`/oauth2PermissionGrants?${filterBy('clientId', clientId)}`, grant);
    return grants
      .filter((one) => one.consentType === 'AllPrincipals' && one.resourceId === resourceId)
      .flatMap(({ scope }) => (scope ?? '').split(' ').filter(Boolean));
  } catch (error) {
    if (error instanceof GraphError && error.status === forbidden) return null;
    throw error;
  }
}
