import {
  findServicePrincipal,
  findServicePrincipalByAppId,
  type ServicePrincipal,
} from '../../directory/service-principals.ts';
import { resourceNotFound } from '../errors/graph-error.ts';
import type { GraphCall } from '../operation/graph-operation.ts';
import { type AddressedKey, readAddressedKey } from '../operation/read-key.ts';

/** The service principal of the caller's tenant that the path names. @throws GraphError 400, 404 */
export function findAddressedPrincipal(call: GraphCall): ServicePrincipal {
  const { key, principal } = lookUpPrincipal(call);
  if (!principal) throw resourceNotFound(key.value);
  return principal;
}

/** The same, undefined where there is none by this key. @throws GraphError 400 */
export function lookUpPrincipal({ context, caller, params }: GraphCall): {
  key: AddressedKey;
  principal: ServicePrincipal | undefined;
} {
  const key = readAddressedKey(params, ['appId']);
  const find = key.name === 'id' ? findServicePrincipal : findServicePrincipalByAppId;
  return { key, principal: find(context.directory, caller.tenant.id, key.value) };
}
