import { satisfies } from '../access/permission-rules.ts';
import { deletedApplicationKind } from '../applications/deleted-applications.ts';
import { accessDenied, resourceNotFound } from '../errors/graph-error.ts';
import { deletedGroupKind } from '../groups/deleted-groups.ts';
import type { DeletedKind, DeletedObject } from '../operation/deleted-kind.ts';
import {
  belowKeys,
  type GraphAnswer,
  type GraphCall,
  type GraphOperation,
  type GraphResource,
} from '../operation/graph-operation.ts';
import { readPlainKey } from '../operation/read-key.ts';
import { deletedUserKind } from '../people/deleted-users.ts';
import { answerCollection } from '../query/answer-collection.ts';
import { answerEntity } from '../query/answer-entity.ts';
import { narrowTo } from '../query/object-set.ts';
import { directoryObjectType, typed } from '../resources/present-directory-object.ts';
import { deletedPrincipalKind } from '../service-principals/deleted-principals.ts';

const kinds: readonly DeletedKind[] = [
  deletedApplicationKind,
  deletedPrincipalKind,
  deletedUserKind,
  deletedGroupKind,
];

/** `/directory/deletedItems`: what was deleted and can be restored. */
export const deletedItemOperations: GraphOperation[] = [
  ...kinds.map(
    (kind): GraphOperation => ({
      method: 'GET',
      path: `/directory/deletedItems/microsoft.graph.${kind.type.name}`,
      permissions: kind.permissions.read,
      handle: (call) => listDeleted(call, kind),
    }),
  ),
  // Which permission it takes depends on what the id stands for.
  ...belowKeys('directory/deletedItems', [])('', { method: 'GET', handle: getDeleted }),
  ...belowKeys('directory/deletedItems', [])('/restore', { method: 'POST', handle: restoreDeleted }),
  ...belowKeys('directory/deletedItems', [])('', { method: 'DELETE', handle: purgeDeleted }),
];

function listDeleted(call: GraphCall, { type, context, list }: DeletedKind): GraphAnswer {
  return answerCollection(call, { context, type, objects: narrowTo(list(call), ({ present }) => present()) });
}

function getDeleted(call: GraphCall): GraphAnswer {
  const { kind, object } = findDeleted(call, 'read');
  return answerDirectoryObject(call, kind, object.present());
}

/** Without what was deleted with it: an application's service principal is restored by itself. */
function restoreDeleted(call: GraphCall): GraphAnswer {
  const { kind, object } = findDeleted(call, 'write');
  return answerDirectoryObject(call, kind, object.restore());
}

function purgeDeleted(call: GraphCall): GraphAnswer {
  findDeleted(call, 'write').object.purge();
  return { status: 204 };
}

function answerDirectoryObject(call: GraphCall, kind: DeletedKind, resource: GraphResource): GraphAnswer {
  return answerEntity(call, {
    context: 'directoryObjects',
    type: directoryObjectType,
    resource: typed(kind.type.name, resource),
  });
}

/** @throws GraphError 403 for a caller who may not, 404 for what nobody deleted */
function findDeleted(
  call: GraphCall,
  purpose: 'read' | 'write',
): { kind: DeletedKind; object: DeletedObject } {
  const id = readPlainKey(call.params);
  const mayUse = ({ permissions }: DeletedKind) =>
    permissions[purpose].every((rule) => satisfies(call.caller, rule));
  if (!kinds.some(mayUse)) throw accessDenied();
  for (const kind of kinds) {
    const object = kind.list(call).find((candidate) => candidate.id === id.toLowerCase());
    if (!object) continue;
    if (!mayUse(kind)) throw accessDenied();
    return { kind, object };
  }
  throw resourceNotFound(id);
}
