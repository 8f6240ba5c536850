import { ODataSyntaxError } from '../../odata/odata-syntax-error.ts';
import { parseOrderBy } from '../../odata/parse-clauses.ts';
import { GraphError } from '../errors/graph-error.ts';
import { findName } from '../operation/find-name.ts';
import type { GraphCall, GraphResource } from '../operation/graph-operation.ts';
import type { ResourceType } from '../operation/resource-type.ts';

/** By which property to sort, and which way. */
export interface Order {
  property: string;
  descending: boolean;
}

/**
 * Reads `$orderby`: one property; together with a filter or a search it makes an advanced query.
 *
 * @returns null when there is none
 * @throws GraphError 400
 */
export function readOrder(call: GraphCall, type: ResourceType, advanced: boolean): Order | null {
  const source = call.query.get('$orderby');
  if (source === null) return null;
  const [item, ...rest] = parse(source);
  const path = item?.expression.kind === 'path' ? item.expression.names.join('/') : '';
  const property = rest.length === 0 ? findName(type.properties, path) : undefined;
  const isNarrowed = call.query.has('$filter') || call.query.has('$search');
  if (!item || property === undefined || (isNarrowed && !advanced)) {
    throw new GraphError(
      400,
      'Request_UnsupportedQuery',
      `Sorting by '${source}' is not supported for the current query.`,
    );
  }
  return { property, descending: item.descending };
}

/** Whatever the case, as SQLite's NOCASE does for the sets' own order. */
export function orderResources(
  resources: readonly GraphResource[],
  { property, descending }: Order,
): GraphResource[] {
  const direction = descending ? -1 : 1;
  return resources.toSorted((a, b) => direction * compareText(a[property], b[property]));
}

function compareText(a: unknown, b: unknown): number {
  const [first = '', second = ''] = [a, b].map((value) =>
    typeof value === 'string' ? value.toLowerCase() : '',
  );
  return first < second ? -1 : Number(first > second);
}

function parse(source: string): ReturnType<typeof parseOrderBy> {
  try {
    return parseOrderBy(source, 'any_case');
  } catch (error) {
    if (!(error instanceof ODataSyntaxError)) throw error;
    throw new GraphError(400, 'BadRequest', `Invalid $orderby clause: ${error.message}`);
  }
}
