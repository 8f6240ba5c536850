import { wellKnownIds } from '@latchkey/microsoft';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type Environment, listEnvironments, publicOrigins } from '../../directory/environments.ts';
import { localOrigins } from '../../environment-origins.ts';
import { httpStatus } from '../../ground/http-status.ts';
import type { TokenContext } from '../../jwt/token-context.ts';
import { powerPlatformOrigins } from '../../microsoft-origins.ts';
import { originOf } from '../../service-origins.ts';
import type { AdminCaller } from '../access/judge-caller.ts';
import { onlyAt } from '../access/only-at.ts';
import { readQuery } from '../access/read-query.ts';
import { requireApiVersion } from '../access/require-api-version.ts';
import { requireCaller } from '../access/require-caller.ts';
import { AdminError } from '../errors/admin-error.ts';
import { presentEnvironment, type Reach, selectPaths } from './present-environment.ts';

/** Lists of environments: those that somebody administers, and those that they may use. */
const collections = [
  { path: '/providers/Microsoft.BusinessAppPlatform/scopes/admin/environments', asAdministrator: true },
  { path: '/providers/Microsoft.BusinessAppPlatform/environments', asAdministrator: false },
  { path: '/providers/Microsoft.PowerApps/scopes/admin/environments', asAdministrator: true },
  { path: '/providers/Microsoft.PowerApps/environments', asAdministrator: false },
];
const gccRegionHost = 'crm9.dynamics.com';

/** Of Power Platform's admin API, and of Power Apps', what lists environments and tells of one. */
export function registerPowerPlatform(scope: FastifyInstance, context: TokenContext): void {
  scope.addHook('onRequest', onlyAt(context, powerPlatformOrigins));
  for (const { path, asAdministrator } of collections) {
    const list = (request: FastifyRequest, caller: AdminCaller) =>
      visibleEnvironments(context, caller, asAdministrator).flatMap((environment) => {
        const reach = reachFrom(context, originOf(context.addresses.admin, request), environment);
        const facts = reach && { tenant: caller.tenant, reach, collection: path };
        return facts ? [{ name: environment.id, resource: presentEnvironment(environment, facts) }] : [];
      });
    scope.get(path, async (request, reply) => {
      requireApiVersion(request);
      const query = readQuery(request);
      refuseFilter(query);
      const most = readTop(query);
      const caller = requireCaller(context, wellKnownIds.powerApps, { request, reply });
      const listed = list(request, caller).slice(0, most);
      return { value: listed.map(({ resource }) => selectPaths(resource, query.get('$select'))) };
    });
    scope.get<{ Params: { name: string } }>(`${path}/:name`, async (request, reply) => {
      requireApiVersion(request);
      const caller = requireCaller(context, wellKnownIds.powerApps, { request, reply });
      const wanted = request.params.name.toLowerCase();
      const found = list(request, caller).find(({ name }) => name.toLowerCase() === wanted);
      if (found) return selectPaths(found.resource, readQuery(request).get('$select'));
      throw new AdminError(
        httpStatus.notFound,
        'EnvironmentNotFound',
        `The environment '${request.params.name}' could not be found in the tenant '${caller.tenant.id}'.`,
      );
    });
  }
}

/** The list would be wrong without it. */
function refuseFilter(query: ReadonlyMap<string, string>): void {
  if (!query.has('$filter')) return;
  throw new AdminError(
    httpStatus.notImplemented,
    'NotImplemented',
    'The local Microsoft cloud does not filter environments: $filter is not available.',
  );
}

/** @returns how many are asked for; without end when nobody says. @throws AdminError 400 */
function readTop(query: ReadonlyMap<string, string>): number {
  const top = query.get('$top');
  if (top === undefined) return Number.POSITIVE_INFINITY;
  if (/^\d{1,9}$/.test(top)) return Number(top);
  throw new AdminError(
    httpStatus.badRequest,
    'InvalidQueryOption',
    `The query option '$top' has the value '${top}'. It has to be a whole number.`,
  );
}

/**
 * People administer environments with a role of the directory, and use them with a licence. An app counts as one that
 * was registered as a management application.
 */
function visibleEnvironments(
  { directory }: TokenContext,
  caller: AdminCaller,
  asAdministrator: boolean,
): Environment[] {
  if (caller.kind === 'person') {
    const { directoryRoles, licences } = caller.user;
    const isAdministrator = directoryRoles.includes('Global Administrator');
    if (!isAdministrator && (asAdministrator || licences.length === 0)) return [];
  }
  return listEnvironments(directory).filter(({ tenantId }) => tenantId === caller.tenant.id);
}

/** By a public name the public names of the same cloud, by a local port the local ports of the same scheme. */
function reachFrom(context: TokenContext, origin: string, environment: Environment): Reach | undefined {
  const cloud = powerPlatformOrigins.get(origin);
  if (cloud) {
    const [url = '', apiUrl = ''] = publicOrigins(environment);
    const { regionHost } = environment;
    // The GCC lies in the global cloud and has an API of its own.
    const isGcc = new URL(origin).hostname.startsWith('gov.');
    const isListed = isGcc ? regionHost === gccRegionHost : cloud.crmRegionHost.test(regionHost);
    return isListed && (isGcc || regionHost !== gccRegionHost) ? { url, apiUrl } : undefined;
  }
  const { protocol } = new URL(origin);
  const local = localOrigins(context, environment).find((candidate) => candidate.startsWith(protocol));
  return local === undefined ? undefined : { url: local, apiUrl: local };
}
