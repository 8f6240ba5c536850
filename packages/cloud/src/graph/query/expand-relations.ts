import { ODataSyntaxError } from '../../odata/odata-syntax-error.ts';
import { type ExpandItem, parseExpand } from '../../odata/parse-clauses.ts';
import { GraphError, notAvailable } from '../errors/graph-error.ts';
import { findName } from '../operation/find-name.ts';
import type { GraphCall, GraphResource } from '../operation/graph-operation.ts';
import { isRealSegment } from '../operation/real-segments.ts';
import { directoryObjectType } from '../resources/present-directory-object.ts';
import { select } from './select-properties.ts';

/** What `$expand` may name: the related objects of one with this id, or the one object that there may be. */
export type Relations = Readonly<Record<string, (id: string) => GraphResource[] | GraphResource | null>>;

type Expansion = (id: string) => GraphResource;

/** "Use query parameters to customize responses": so many related objects come with each. */
const maximumExpanded = 20;

/**
 * Reads `$expand`, e.g. `owners` or `owners($select=id,displayName)`. One relation, as for all directory objects.
 *
 * @param set the name of the set that is read, as contexts have it
 * @returns what an object gets besides its own properties
 * @throws GraphError 400, 501 for what the real Graph expands and this one doesn't
 */
export function readExpansion(call: GraphCall, set: string, relations: Relations = {}): Expansion {
  const source = call.query.get('$expand');
  if (source === null) return () => ({});
  const [item, ...rest] = parse(source);
  const given = item?.names.join('/') ?? '';
  const name = findName(Object.keys(relations), given) ?? '';
  const relation = Object.hasOwn(relations, name) ? relations[name] : undefined;
  if (!item || !relation || rest.length > 0) {
    if (rest.length === 0 && isRealSegment(`${set}/*`, given.toLowerCase()))
      throw notAvailable(`$expand of '${source}'`);
    throw new GraphError(
      400,
      'BadRequest',
      `Parsing OData Select and Expand failed: '${source}' is not supported for this resource.`,
    );
  }
  if (hasOtherOptions(item)) throw notAvailable(`$expand of '${source}'`);
  const names = item.select?.map((path) => path.join('/')) ?? null;
  return (id) => {
    const related = relation(id);
    if (!Array.isArray(related)) return { [name]: related && narrow(related, names) };
    return { [name]: related.slice(0, maximumExpanded).map((object) => narrow(object, names)) };
  };
}

/** Objects of the directory come with the default properties of their kind. */
function narrow(related: GraphResource, names: readonly string[] | null): GraphResource {
  const selection = names && Object.keys(related).filter((name) => findName(names, name) !== undefined);
  if ('@odata.type' in related) return select(related, directoryObjectType, selection);
  return selection ? Object.fromEntries(selection.map((name) => [name, related[name]])) : related;
}

function hasOtherOptions({ filter, orderBy, expand, plain }: ExpandItem): boolean {
  return filter !== null || orderBy !== null || expand !== null || Object.keys(plain).length > 0;
}

function parse(source: string): ExpandItem[] {
  try {
    return parseExpand(source);
  } catch (error) {
    if (!(error instanceof ODataSyntaxError)) throw error;
    throw new GraphError(400, 'BadRequest', `Parsing OData Select and Expand failed: ${error.message}`);
  }
}
