import { GraphError } from '../errors/graph-error.ts';
import { findName } from '../operation/find-name.ts';
import type { GraphCall, GraphResource } from '../operation/graph-operation.ts';
import type { ResourceType } from '../operation/resource-type.ts';

/** The names in `$select`; null when there is none. @throws GraphError 400 for an unknown name */
export function readSelection(call: GraphCall, type: ResourceType): string[] | null {
  const source = call.query.get('$select');
  if (!source) return null;
  return source.split(',').map((part) => {
    const name = findName(type.properties, part.trim());
    if (name !== undefined) return name;
    throw new GraphError(
      400,
      'BadRequest',
      `Parsing OData Select and Expand failed: Could not find a property named '${part.trim()}' on type 'microsoft.graph.${type.name}'.`,
    );
  });
}

/** Whether a property is selected by name: some are answered only then. */
export function isSelected({ query }: GraphCall, name: string): boolean {
  return (
    findName(
      query
        .get('$select')
        ?.split(',')
        .map((part) => part.trim()) ?? [],
      name,
    ) !== undefined
  );
}

/** The selected properties, or those that are answered unasked. */
export function select(
  resource: GraphResource,
  { defaultProperties, kinds }: ResourceType,
  selection: readonly string[] | null,
): GraphResource {
  const names = selection ?? kindOf(resource, kinds)?.defaultProperties ?? defaultProperties;
  if (!names) return resource;
  // What an object of a mixed collection is stands with it, whatever is selected.
  const kept = '@odata.type' in resource ? ['@odata.type', ...names] : names;
  return Object.fromEntries(kept.map((name) => [name, resource[name]]));
}

function kindOf(
  { '@odata.type': type }: GraphResource,
  kinds: readonly ResourceType[] = [],
): ResourceType | undefined {
  return kinds.find(({ name }) => type === `#microsoft.graph.${name}`);
}

/** How `@odata.context` tells what was selected: `applications(appId,displayName)`. */
export function contextSelection(selection: readonly string[] | null): string {
  return selection ? `(${selection.join(',')})` : '';
}
