import { z } from 'zod';
import { HubError } from '../../errors/hub-error.ts';
import { badRequest, notFound } from '../../ground/http-status.ts';
import type { ProviderApi } from '../../providers/provider.ts';
import { filterBy, type GraphClient } from '../graph-client.ts';
import { GraphError } from '../graph-error.ts';
import { graphText } from '../graph-text.ts';
import type { StepResult } from './step-result.ts';

/** The service principal of a provider's API in the tenant, as far as a registration needs it. */
export interface ApiResource {
  servicePrincipalId: string;
  /** Id of the delegated permission that is asked for. */
  permissionId: string;
  /** Names of the application permissions that the API offers. */
  applicationPermissions: string[];
}

const servicePrincipal = z.object({
  id: graphText,
  appRoles: z.array(z.object({ value: z.string().nullish() })).default([]),
  oauth2PermissionScopes: z.array(z.object({ id: z.string(), value: z.string().nullish() })).default([]),
});

const fields = '$select=id,appRoles,oauth2PermissionScopes';

/**
 * Finds the API in the tenant, and makes its local instance where there is none yet, which works only in a tenant that
 * may have it.
 *
 * @throws HubError the API's `absence`
 */
export async function findResource(graph: GraphClient, api: ProviderApi): Promise<ApiResource> {
  const [found] = await graph.list(
    `/servicePrincipals?${filterBy('appId', api.appId)}&${fields}`,
    servicePrincipal,
  );
  const { id, appRoles, oauth2PermissionScopes } = found ?? (await instantiate(graph, api));
  const permission = oauth2PermissionScopes.find(({ value }) => value === api.permission);
  if (!permission) {
    throw new HubError(api.absence, {
      detail: `${api.title} in this tenant does not offer ${api.permission}.`,
    });
  }
  return {
    servicePrincipalId: id,
    permissionId: permission.id,
    applicationPermissions: appRoles.flatMap(({ value }) => value ?? []),
  };
}

export function describeResource(
  { title, permission }: ProviderApi,
  { servicePrincipalId, permissionId }: ApiResource,
): StepResult {
  return {
    detail: `${title} is service principal ${servicePrincipalId}; its permission ${permission} is ${permissionId}`,
    values: {},
  };
}

async function instantiate(graph: GraphClient, api: ProviderApi): Promise<z.infer<typeof servicePrincipal>> {
  try {
    return await graph.post('/servicePrincipals', { appId: api.appId }, servicePrincipal);
  } catch (error) {
    if (error instanceof GraphError && (error.status === badRequest || error.status === notFound)) {
      throw new HubError(api.absence, { remote: error.remote, cause: error });
    }
    throw error;
  }
}
