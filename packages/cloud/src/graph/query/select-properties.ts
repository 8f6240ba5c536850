import { GraphError } from '../errors/graph-error.ts';
import type { GraphCall, GraphResource } from '../operation/graph-operation.ts';
import type { ResourceType } from '../operation/resource-type.ts';

/** The names in `$select`; null when there is none. @throws GraphError 400 for an unknown name */
export function readSelection(call: GraphCall, type: ResourceType): string[] | null {
  const source = call.query.get('$select');
  if (!source) return null;
  const names = source.split(',').map((name) => name.trim());
  for (const name of names) {
    if (!type.properties.includes(name)) {
      throw new GraphError(
        400,
        'BadRequest',
        `Parsing OData Select and Expand failed: Could not find a property named '${name}' on type 'microsoft.graph.${type.name}'.`,
      );
    }
  }
  return names;
}

export function select(
  resource: GraphResource,
  type: ResourceType,
  selection: readonly string[] | null,
): GraphResource {
  const names = selection ?? type.defaultProperties;
  return names ? Object.fromEntries(names.map((name) => [name, resource[name]])) : resource;
}

/** How `@odata.context` tells what was selected: `applications(appId,displayName)`. */
export function contextSelection(selection: readonly string[] | null): string {
  return selection ? `(${selection.join(',')})` : '';
}
