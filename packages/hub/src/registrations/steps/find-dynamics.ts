import { z } from 'zod';
import { HubError } from '../../errors/hub-error.ts';
import { dynamics365Api } from '../../providers/dynamics-365/dynamics-365-api.ts';
import { filterBy, type GraphClient } from '../graph-client.ts';
import { GraphError } from '../graph-error.ts';
import type { StepResult } from './step-result.ts';

/** Dynamics CRM's service principal in the tenant, as far as a registration needs it. */
export interface DynamicsResource {
  servicePrincipalId: string;
  /** Id of the delegated permission `user_impersonation`. */
  permissionId: string;
  /** Names of the application permissions that the API offers: none today. */
  applicationPermissions: string[];
}

const servicePrincipal = z.object({
  id: z.string(),
  appRoles: z.array(z.object({ value: z.string().nullish() })).default([]),
  oauth2PermissionScopes: z.array(z.object({ id: z.string(), value: z.string().nullish() })).default([]),
});

const fields = '$select=id,appRoles,oauth2PermissionScopes';
const badRequest = 400;
const notFound = 404;

/**
 * Finds Dynamics CRM in the tenant, and makes its local instance where there is none yet, which works only in a tenant
 * that may have it.
 *
 * @throws HubError `dynamics_not_in_tenant`
 */
export async function findDynamics(graph: GraphClient): Promise<DynamicsResource> {
  const [found] = await graph.list(
    `/servicePrincipals?${filterBy('appId', dynamics365Api.appId)}&${fields}`,
    servicePrincipal,
  );
  const { id, appRoles, oauth2PermissionScopes } = found ?? (await instantiate(graph));
  const permission = oauth2PermissionScopes.find(({ value }) => value === dynamics365Api.permission);
  if (!permission) {
    throw new HubError('dynamics_not_in_tenant', {
      detail: `${dynamics365Api.title} in this tenant does not offer ${dynamics365Api.permission}.`,
    });
  }
  return {
    servicePrincipalId: id,
    permissionId: permission.id,
    applicationPermissions: appRoles.flatMap(({ value }) => value ?? []),
  };
}

export function describeDynamics({ servicePrincipalId, permissionId }: DynamicsResource): StepResult {
  const { title, permission } = dynamics365Api;
  return {
    detail: `${title} is service principal ${servicePrincipalId}; its permission ${permission} is ${permissionId}`,
    values: {},
  };
}

async function instantiate(graph: GraphClient): Promise<z.infer<typeof servicePrincipal>> {
  try {
    return await graph.post('/servicePrincipals', { appId: dynamics365Api.appId }, servicePrincipal);
  } catch (error) {
    if (error instanceof GraphError && (error.status === badRequest || error.status === notFound)) {
      throw new HubError('dynamics_not_in_tenant', { remote: error.remote, cause: error });
    }
    throw error;
  }
}
