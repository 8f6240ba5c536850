import type { GraphAnswer, GraphCall, GraphResource } from '../operation/graph-operation.ts';
import type { ResourceType } from '../operation/resource-type.ts';
import { refuseUnknownOptions } from './answer-collection.ts';
import { type Relations, readExpansion } from './expand-relations.ts';
import { contextSelection, readSelection, select } from './select-properties.ts';

interface Entity {
  /** The set's name in `@odata.context`, e.g. `applications`. */
  context: string;
  type: ResourceType;
  resource: GraphResource;
  relations?: Relations;
}

/**
 * Answers one object, with `$select` and `$expand`.
 *
 * @throws GraphError 400 for a query option that is unknown or can't be read
 */
export function answerEntity(call: GraphCall, { context, type, resource, relations }: Entity): GraphAnswer {
  refuseUnknownOptions(call.query, ['$select', '$expand']);
  const selection = readSelection(call, type);
  return {
    status: 200,
    type,
    body: {
      '@odata.context': `${call.serviceRoot}/$metadata#${context}${contextSelection(selection)}/$entity`,
      ...select(resource, type, selection),
      ...readExpansion(call, context, relations)(String(resource.id)),
    },
  };
}

/** Answers an object that was just made, with its default properties. */
export function answerCreated(
  call: GraphCall,
  { context, type, resource }: Pick<Entity, 'context' | 'type' | 'resource'>,
): GraphAnswer {
  return {
    status: 201,
    type,
    body: {
      '@odata.context': `${call.serviceRoot}/$metadata#${context}/$entity`,
      ...select(resource, type, null),
    },
  };
}
