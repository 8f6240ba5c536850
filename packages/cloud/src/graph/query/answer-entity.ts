import type { GraphAnswer, GraphCall, GraphResource } from '../graph-operation.ts';
import { refuseUnknownOptions } from './answer-collection.ts';
import type { ResourceType } from './resource-type.ts';
import { contextSelection, readSelection, select } from './select-properties.ts';

/**
 * Answers one object, with `$select`.
 *
 * @param context the set's name in `@odata.context`, e.g. `applications`
 * @throws GraphError 400 for a query option that is unknown or can't be read
 */
export function answerEntity(
  call: GraphCall,
  { context, type, resource }: { context: string; type: ResourceType; resource: GraphResource },
): GraphAnswer {
  refuseUnknownOptions(call.query, ['$select']);
  const selection = readSelection(call, type);
  return {
    status: 200,
    body: {
      '@odata.context': `${call.serviceRoot}/$metadata#${context}${contextSelection(selection)}/$entity`,
      ...select(resource, type, selection),
    },
  };
}

/** Answers an object that was just made, whole. */
export function answerCreated(call: GraphCall, context: string, resource: GraphResource): GraphAnswer {
  return {
    status: 201,
    body: { '@odata.context': `${call.serviceRoot}/$metadata#${context}/$entity`, ...resource },
  };
}
