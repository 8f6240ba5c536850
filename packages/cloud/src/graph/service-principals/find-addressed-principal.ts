import {
  findServicePrincipal,
  findServicePrincipalByAppId,
  type ServicePrincipal,
} from '../../directory/service-principals.ts';
import { resourceNotFound } from '../errors/graph-error.ts';
import type { GraphCall } from '../operation/graph-operation.ts';
import { readAddressedKey } from '../operation/read-key.ts';

/** The service principal of the caller's tenant that the path names. @throws GraphError 400, 404 */
export function findAddressedPrincipal({ context, caller, params }: GraphCall): ServicePrincipal {
  const { name, value } = readAddressedKey(params);
  const find = name === 'id' ? findServicePrincipal : findServicePrincipalByAppId;
  const principal = find(context.directory, caller.tenant.id, value);
  if (!principal) throw resourceNotFound(value);
  return principal;
}
