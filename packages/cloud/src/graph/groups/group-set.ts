import { findGroup, type Group } from '../../directory/groups.ts';
import { resourceNotFound } from '../errors/graph-error.ts';
import type { GraphCall } from '../operation/graph-operation.ts';
import { readAddressedKey } from '../operation/read-key.ts';
import { directorySet } from '../query/directory-set.ts';
import type { ObjectSet } from '../query/object-set.ts';
import { presentGroup } from '../resources/present-group.ts';

/** The groups of the caller's tenant. */
export function tenantGroups(call: GraphCall): ObjectSet<Group> {
  const { directory } = call.context;
  const tenantId = call.caller.tenant.id;
  return directorySet(directory, 'groups', {
    tenantId,
    find: (id) => findGroup(directory, tenantId, id),
    present: (group) => presentGroup(call, group),
  });
}

/** The group that the path names. @throws GraphError 400, 404 */
export function findAddressedGroup({ context, caller, params }: GraphCall): Group {
  const { value } = readAddressedKey(params, []);
  const group = findGroup(context.directory, caller.tenant.id, value);
  if (!group) throw resourceNotFound(value);
  return group;
}
