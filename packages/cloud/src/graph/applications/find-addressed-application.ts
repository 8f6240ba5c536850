import { type Application, findApplication, findApplicationByAppId } from '../../directory/applications.ts';
import { resourceNotFound } from '../errors/graph-error.ts';
import type { GraphCall } from '../operation/graph-operation.ts';
import { readAddressedKey } from '../operation/read-key.ts';

/** The living application of the caller's tenant that the path names. @throws GraphError 400, 404 */
export function findAddressedApplication({ context, caller, params }: GraphCall): Application {
  const { name, value } = readAddressedKey(params);
  const application =
    name === 'id'
      ? findApplication(context.directory, caller.tenant.id, value)
      : findApplicationByAppId(context.directory, value);
  if (!application || application.tenantId !== caller.tenant.id) throw resourceNotFound(value);
  return application;
}
