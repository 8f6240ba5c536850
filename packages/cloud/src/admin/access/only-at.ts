import type { FastifyRequest } from 'fastify';
import type { CloudContext } from '../../cloud-context.ts';
import { originOf } from '../../service-origins.ts';
import { notThere } from '../errors/admin-error.ts';

/**
 * A hook that lets requests in which came by a name of the API, or by the ports on this machine, where all the APIs are.
 *
 * @throws AdminError (the hook) 404
 */
export function onlyAt({ addresses }: CloudContext, origins: ReadonlyMap<string, unknown>) {
  return async (request: FastifyRequest): Promise<void> => {
    const origin = originOf(addresses.admin, request);
    const { http, https } = addresses.admin;
    if (![http, https].includes(origin) && !origins.has(origin)) throw notThere(request.url);
  };
}
