import type { FastifyRequest } from 'fastify';
import { listEnvironments, publicOrigins } from '../../directory/environments.ts';
import { originOf } from '../../service-origins.ts';
import type { PortalContext } from './portal-context.ts';

/** A Dynamics 365 environment of a directory, and where a browser that came by `request` reaches it. */
export interface EnvironmentOrigin {
  name: string;
  origin: string;
}

/** The environments of one tenant: by ports of their own, or by Microsoft's names for who came by one of those. */
export function environmentOrigins(
  { directory, addresses }: Pick<PortalContext, 'directory' | 'addresses'>,
  request: FastifyRequest,
  tenantId: string,
): EnvironmentOrigin[] {
  const { http, https } = addresses.portal;
  const isKnownName = ![http, https].includes(originOf(addresses.portal, request));
  return listEnvironments(directory).flatMap((environment, index) => {
    const local = index === 0 ? addresses.crm : addresses.environments?.get(environment.id);
    const origin = isKnownName ? publicOrigins(environment)[0] : local && originOf(local, request);
    const isOwn = environment.tenantId === tenantId;
    return isOwn && origin !== undefined ? [{ name: environment.friendlyName, origin }] : [];
  });
}
