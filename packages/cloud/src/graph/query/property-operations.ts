import { GraphError } from '../errors/graph-error.ts';
import type {
  GraphAnswer,
  GraphCall,
  GraphOperation,
  GraphResource,
  Places,
} from '../operation/graph-operation.ts';
import type { ResourceType } from '../operation/resource-type.ts';
import { refuseUnknownOptions } from './answer-collection.ts';

/**
 * Reads single properties, `/applications/{id}/appRoles`, and the bare value of those that are no list or object,
 * `/users/{id}/displayName/$value` (OData 4.0 Part 1, §11.2.3). What is null has no content.
 *
 * @param of the entity: the set's name in contexts, its type, and how the object that the path names is read
 * @param at the places of an operation: below the keys of the set, with the permissions that it takes
 */
export function propertyOperations(
  { set, type, read }: { set: string; type: ResourceType; read: (call: GraphCall) => GraphResource },
  at: Places,
): GraphOperation[] {
  const readValue = (call: GraphCall, name: string) => {
    refuseUnknownOptions(call.query, []);
    const resource = read(call);
    return { id: String(resource.id), value: resource[name] };
  };
  return type.properties.flatMap((name) => [
    ...at(`/${name}`, {
      method: 'GET',
      handle(call): GraphAnswer {
        const { id, value } = readValue(call, name);
        if (value === null) return { status: 204 };
        const context = `${call.serviceRoot}/$metadata#${set}('${id}')/${name}`;
        return { status: 200, body: { '@odata.context': context, value } };
      },
    }),
    ...at(`/${name}/$value`, {
      method: 'GET',
      handle(call): GraphAnswer {
        const { value } = readValue(call, name);
        if (value === null) return { status: 204 };
        if (typeof value === 'object') {
          throw new GraphError(400, 'BadRequest', "Resource not found for the segment '$value'.");
        }
        return { status: 200, text: typeof value === 'string' ? value : JSON.stringify(value) };
      },
    }),
  ]);
}
