import {
  type Application,
  findApplication,
  findApplicationByAppId,
  findApplicationByUniqueName,
} from '../../directory/applications.ts';
import { resourceNotFound } from '../errors/graph-error.ts';
import type { GraphCall } from '../operation/graph-operation.ts';
import { type AddressedKey, readAddressedKey } from '../operation/read-key.ts';

/** The living application of the caller's tenant that the path names. @throws GraphError 400, 404 */
export function findAddressedApplication(call: GraphCall): Application {
  const { key, application } = lookUpApplication(call);
  if (!application) throw resourceNotFound(key.value);
  return application;
}

/** The same, undefined where there is none by this key. @throws GraphError 400 */
export function lookUpApplication(call: GraphCall): {
  key: AddressedKey;
  application: Application | undefined;
} {
  const key = readAddressedKey(call.params, ['appId', 'uniqueName']);
  return { key, application: find(call, key) };
}

function find({ context: { directory }, caller }: GraphCall, { name, value }: AddressedKey) {
  const tenantId = caller.tenant.id;
  if (name === 'id') return findApplication(directory, tenantId, value);
  if (name === 'uniqueName') return findApplicationByUniqueName(directory, tenantId, value);
  const application = findApplicationByAppId(directory, value);
  return application?.tenantId === tenantId ? application : undefined;
}
