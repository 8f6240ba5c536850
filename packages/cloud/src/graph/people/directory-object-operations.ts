import { permissionRules } from '../access/permission-rules.ts';
import { resourceNotFound } from '../errors/graph-error.ts';
import type { GraphAnswer, GraphCall, GraphOperation } from '../operation/graph-operation.ts';
import { answerEntity } from '../query/answer-entity.ts';
import { directoryObjectType, presentDirectoryObject } from '../resources/present-directory-object.ts';

/** `/directoryObjects/{id}`: whatever it is. */
export const directoryObjectOperations: GraphOperation[] = [
  {
    method: 'GET',
    path: '/directoryObjects/:id',
    permissions: [permissionRules.readDirectory],
    handle: getDirectoryObject,
  },
];

function getDirectoryObject(call: GraphCall): GraphAnswer {
  const id = call.params.id ?? '';
  const resource = presentDirectoryObject(call, id.toLowerCase());
  if (!resource) throw resourceNotFound(id);
  return answerEntity(call, { context: 'directoryObjects', type: directoryObjectType, resource });
}
