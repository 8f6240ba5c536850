import type { GraphCall, GraphOperation, GraphResource, Places } from '../operation/graph-operation.ts';
import type { ResourceType } from '../operation/resource-type.ts';
import { directoryObjectType, kindContexts } from '../resources/present-directory-object.ts';
import { answerCollection, answerCount } from './answer-collection.ts';
import { listedObjects } from './object-set.ts';

/**
 * Reads of a collection of directory objects of several kinds: whole, narrowed to one kind by an OData cast
 * (`/members/microsoft.graph.user`), and the number of either.
 *
 * @param read the objects of the one that the path names, each with its `@odata.type`
 * @param at the places of an operation: below the keys of a set, with the permissions that it takes
 */
export function mixedCollectionOperations(
  suffix: string,
  read: (call: GraphCall) => readonly GraphResource[],
  at: Places,
): GraphOperation[] {
  const collections = [
    { cast: '', context: 'directoryObjects', type: directoryObjectType, choose: read },
    ...directoryObjectType.kinds.map((type) => ({
      cast: `/microsoft.graph.${type.name}`,
      context: kindContexts[type.name] ?? type.name,
      type,
      choose: (call: GraphCall) => ofKind(read(call), type),
    })),
  ];
  return collections.flatMap(({ cast, context, type, choose }) => [
    ...at(suffix + cast, {
      method: 'GET',
      handle: (call) => answerCollection(call, { context, type, objects: listedObjects(choose(call)) }),
    }),
    ...at(`${suffix}${cast}/$count`, {
      method: 'GET',
      handle: (call) => answerCount(call, { type, objects: listedObjects(choose(call)) }),
    }),
  ]);
}

function ofKind(objects: readonly GraphResource[], { name }: ResourceType): GraphResource[] {
  return objects
    .filter((object) => object['@odata.type'] === `#microsoft.graph.${name}`)
    .map(({ '@odata.type': _type, ...object }) => object);
}
