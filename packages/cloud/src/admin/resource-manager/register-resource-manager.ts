import { wellKnownIds } from '@latchkey/microsoft';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Tenant } from '../../directory/tenants.ts';
import { httpStatus } from '../../ground/http-status.ts';
import type { TokenContext } from '../../jwt/token-context.ts';
import { resourceManagerOrigins } from '../../microsoft-origins.ts';
import { originOf } from '../../service-origins.ts';
import { onlyAt } from '../access/only-at.ts';
import { requireApiVersion } from '../access/require-api-version.ts';
import { requireCaller } from '../access/require-caller.ts';
import { AdminError } from '../errors/admin-error.ts';
import { type AzureCloud, azureClouds } from './azure-clouds.ts';
import { type CloudOrigins, presentEndpoints, publicOrigins } from './present-endpoints.ts';

const [globalCloud] = azureClouds;
/** From these versions on a tenant is told by name, then with its default domain, too. */
const [firstWithNames, firstWithDefaults] = ['2019-01-01', '2021-01-01'];
const anySubscription = ['/subscriptions/:id', '/subscriptions/:id/*'];

/**
 * Of Azure Resource Manager what tools ask for when somebody signs in: `/metadata/endpoints` without a token, then the
 * caller's tenants and their subscriptions, of which there are none. The rest of Azure is not here.
 */
export function registerResourceManager(scope: FastifyInstance, context: TokenContext): void {
  scope.addHook('onRequest', onlyAt(context, resourceManagerOrigins));
  scope.get('/metadata/endpoints', async (request) => {
    const { cloud, origins } = describeCloud(context, request);
    const others = azureClouds.filter(({ name }) => name !== cloud.name);
    return presentEndpoints(requireApiVersion(request), { cloud, origins }, others);
  });
  scope.get('/tenants', async (request, reply) => {
    const version = requireApiVersion(request);
    const { tenant } = requireCaller(context, wellKnownIds.azureServiceManagement, { request, reply });
    return { value: [presentTenant(tenant, version)] };
  });
  scope.get('/subscriptions', async (request, reply) => {
    requireApiVersion(request);
    requireCaller(context, wellKnownIds.azureServiceManagement, { request, reply });
    return { value: [], count: { type: 'Total', value: 0 } };
  });
  for (const url of anySubscription) {
    scope.all<{ Params: { id: string } }>(url, async (request, reply) => {
      requireApiVersion(request);
      requireCaller(context, wellKnownIds.azureServiceManagement, { request, reply });
      const { id } = request.params;
      throw new AdminError(
        httpStatus.notFound,
        'SubscriptionNotFound',
        `The subscription '${id}' could not be found.`,
      );
    });
  }
}

/** The cloud whose resource manager is asked; on this machine's own ports the global one, with its services here. */
function describeCloud(
  { addresses }: TokenContext,
  request: FastifyRequest,
): { cloud: AzureCloud; origins: CloudOrigins } {
  const origin = originOf(addresses.admin, request);
  const cloud = azureClouds.find(({ resourceManager }) => resourceManager === `${origin}/`);
  if (cloud) return { cloud, origins: publicOrigins(cloud) };
  if (!globalCloud) throw new Error('The table of Azure’s clouds is empty.');
  return {
    cloud: globalCloud,
    origins: {
      authority: originOf(addresses.entra, request),
      resourceManager: `${origin}/`,
      graph: `${originOf(addresses.graph, request)}/`,
    },
  };
}

function presentTenant({ id, displayName, domains }: Tenant, version: string): object {
  return {
    id: `/tenants/${id}`,
    tenantId: id,
    ...(version >= firstWithNames && { displayName, domains, tenantCategory: 'Home' }),
    ...(version >= firstWithDefaults && { defaultDomain: domains[0] ?? '', tenantType: 'AAD' }),
  };
}
