import { permissionRules } from '../access/permission-rules.ts';
import { deletedApplicationKind } from '../applications/deleted-applications.ts';
import { resourceNotFound } from '../errors/graph-error.ts';
import type { DeletedKind, DeletedObject } from '../operation/deleted-kind.ts';
import {
  type GraphAnswer,
  type GraphCall,
  type GraphOperation,
  type GraphResource,
  withKeyForm,
} from '../operation/graph-operation.ts';
import { readPlainKey } from '../operation/read-key.ts';
import { answerCollection } from '../query/answer-collection.ts';
import { answerEntity } from '../query/answer-entity.ts';
import { narrowTo } from '../query/object-set.ts';
import { typed } from '../resources/present-directory-object.ts';
import { deletedPrincipalKind } from '../service-principals/deleted-principals.ts';

const read = [permissionRules.readApplications];
const write = [permissionRules.writeApplications];

const kinds: readonly DeletedKind[] = [deletedApplicationKind, deletedPrincipalKind];

/** `/directory/deletedItems`: what was deleted and can be restored. */
export const deletedItemOperations: GraphOperation[] = [
  ...kinds.map(
    (kind): GraphOperation => ({
      method: 'GET',
      path: `/directory/deletedItems/microsoft.graph.${kind.type.name}`,
      permissions: read,
      handle: (call) => listDeleted(call, kind),
    }),
  ),
  ...withKeyForm('directory/deletedItems', '', { method: 'GET', permissions: read, handle: getDeleted }),
  ...withKeyForm('directory/deletedItems', '/restore', {
    method: 'POST',
    permissions: write,
    handle: restoreDeleted,
  }),
  ...withKeyForm('directory/deletedItems', '', {
    method: 'DELETE',
    permissions: write,
    handle: purgeDeleted,
  }),
];

function listDeleted(call: GraphCall, { type, context, list }: DeletedKind): GraphAnswer {
  return answerCollection(call, { context, type, objects: narrowTo(list(call), ({ present }) => present()) });
}

function getDeleted(call: GraphCall): GraphAnswer {
  const { kind, object } = findDeleted(call);
  return answerDirectoryObject(call, kind, object.present());
}

/** Without what was deleted with it: an application's service principal is restored by itself. */
function restoreDeleted(call: GraphCall): GraphAnswer {
  const { kind, object } = findDeleted(call);
  return answerDirectoryObject(call, kind, object.restore());
}

function purgeDeleted(call: GraphCall): GraphAnswer {
  findDeleted(call).object.purge();
  return { status: 204 };
}

function answerDirectoryObject(call: GraphCall, { type }: DeletedKind, resource: GraphResource): GraphAnswer {
  return answerEntity(call, { context: 'directoryObjects', type, resource: typed(type.name, resource) });
}

function findDeleted(call: GraphCall): { kind: DeletedKind; object: DeletedObject } {
  const id = readPlainKey(call.params);
  for (const kind of kinds) {
    const object = kind.list(call).find((candidate) => candidate.id === id.toLowerCase());
    if (object) return { kind, object };
  }
  throw resourceNotFound(id);
}
