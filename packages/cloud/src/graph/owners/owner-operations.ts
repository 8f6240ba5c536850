import { permissionRules } from '../access/permission-rules.ts';
import { type Links, linkOperations } from '../links/link-operations.ts';
import { belowKeys, type GraphCall, type GraphOperation } from '../operation/graph-operation.ts';

/**
 * `…/owners` of a set's objects, of applications and service principals: list, add and remove by reference.
 *
 * @param find the owners of the object that the path names
 */
export function ownerOperations(set: string, find: (call: GraphCall) => Links): GraphOperation[] {
  return linkOperations('owners', find, {
    read: belowKeys(set, [permissionRules.readApplications]),
    write: belowKeys(set, [permissionRules.writeApplications]),
  });
}
