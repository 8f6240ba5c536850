import type { PermissionRule } from '../access/permission-rules.ts';
import {
  type GraphCall,
  type GraphOperation,
  type GraphResource,
  withKeyForm,
} from '../operation/graph-operation.ts';
import { refuseUnknownOptions } from './answer-collection.ts';

/**
 * Reads single properties: `/applications/{id}/appRoles` (OData URL Conventions §4.6).
 *
 * @param names those that clients ask for by themselves
 * @param read the object that the path names
 */
export function propertyOperations(
  set: string,
  {
    names,
    permissions,
    read,
  }: {
    names: readonly string[];
    permissions: readonly PermissionRule[];
    read: (call: GraphCall) => GraphResource;
  },
): GraphOperation[] {
  return names.flatMap((name) =>
    withKeyForm(set, `/${name}`, {
      method: 'GET',
      permissions,
      handle(call) {
        refuseUnknownOptions(call.query, []);
        const resource = read(call);
        const context = `${call.serviceRoot}/$metadata#${set}('${String(resource.id)}')/${name}`;
        return { status: 200, body: { '@odata.context': context, value: resource[name] } };
      },
    }),
  );
}
