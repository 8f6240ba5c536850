import { ODataSyntaxError } from '../../odata/odata-syntax-error.ts';
import { type ExpandItem, parseExpand } from '../../odata/parse-clauses.ts';
import { GraphError } from '../errors/graph-error.ts';
import { findName } from '../operation/find-name.ts';
import type { GraphCall, GraphResource } from '../operation/graph-operation.ts';

/** What `$expand` may name: the related objects of one with this id. */
export type Relations = Readonly<Record<string, (id: string) => GraphResource[]>>;

type Expansion = (id: string) => GraphResource;

/** "Use query parameters to customize responses": so many related objects come with each. */
const maximumExpanded = 20;

/**
 * Reads `$expand`, e.g. `owners` or `owners($select=id,displayName)`. One relation, as for all directory objects.
 *
 * @returns what an object gets besides its own properties
 * @throws GraphError 400
 */
export function readExpansion(call: GraphCall, relations: Relations = {}): Expansion {
  const source = call.query.get('$expand');
  if (source === null) return () => ({});
  const [item, ...rest] = parse(source);
  const name = findName(Object.keys(relations), item?.names.join('/') ?? '') ?? '';
  const relation = Object.hasOwn(relations, name) ? relations[name] : undefined;
  if (!item || !relation || rest.length > 0 || hasOtherOptions(item)) {
    throw new GraphError(
      400,
      'BadRequest',
      `Parsing OData Select and Expand failed: '${source}' is not supported for this resource.`,
    );
  }
  const names = item.select?.map((path) => path.join('/'));
  const narrow = (related: GraphResource): GraphResource =>
    names
      ? Object.fromEntries(
          Object.entries(related).filter(
            ([key]) => key === '@odata.type' || findName(names, key) !== undefined,
          ),
        )
      : related;
  return (id) => ({ [name]: relation(id).slice(0, maximumExpanded).map(narrow) });
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
