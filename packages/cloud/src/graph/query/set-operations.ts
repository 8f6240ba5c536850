import type { GraphCall, GraphOperation, GraphResource, Places } from '../operation/graph-operation.ts';
import type { ResourceType } from '../operation/resource-type.ts';
import { answerCollection, answerCount } from './answer-collection.ts';
import { answerEntity } from './answer-entity.ts';
import type { Relations } from './expand-relations.ts';
import type { ObjectSet } from './object-set.ts';
import { propertyOperations } from './property-operations.ts';

/** A set of objects: its name in paths and contexts, and where its objects come from. */
interface ReadableSet<T extends { id: string }> {
  set: string;
  type: ResourceType;
  objects: (call: GraphCall) => ObjectSet<T>;
  /** The object that the path names. */
  read: (call: GraphCall) => GraphResource;
  /** What `$expand` may name. */
  relations?: (call: GraphCall) => Relations;
}

/**
 * All that reads a set: the list, `/$count`, one object, and single properties of it.
 *
 * @param permissions those of the set itself
 * @param at the places of an operation below the keys of the set, with the permissions that it takes there
 */
export function readOperations<T extends { id: string }>(
  { set, type, objects, read, relations = () => ({}) }: ReadableSet<T>,
  permissions: GraphOperation['permissions'],
  at: Places,
): GraphOperation[] {
  return [
    {
      method: 'GET',
      path: `/${set}`,
      permissions,
      handle: (call) =>
        answerCollection(call, { context: set, type, objects: objects(call), relations: relations(call) }),
    },
    {
      method: 'GET',
      path: `/${set}/$count`,
      permissions,
      handle: (call) => answerCount(call, { type, objects: objects(call) }),
    },
    ...at('', {
      method: 'GET',
      handle: (call) =>
        answerEntity(call, { context: set, type, resource: read(call), relations: relations(call) }),
    }),
    ...propertyOperations({ set, type, read }, at),
  ];
}
