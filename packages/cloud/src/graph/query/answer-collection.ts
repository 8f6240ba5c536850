import { GraphError, notAvailable } from '../errors/graph-error.ts';
import type { GraphAnswer, GraphCall, GraphResource } from '../operation/graph-operation.ts';
import type { ResourceType } from '../operation/resource-type.ts';
import { compileFilter, type Predicate, parseFilter } from './compile-filter.ts';
import { compileSearch } from './compile-search.ts';
import { type Relations, readExpansion } from './expand-relations.ts';
import { fixedProperties } from './fixed-properties.ts';
import { narrowTo, type ObjectSet, scan } from './object-set.ts';
import { type Order, orderResources, readOrder } from './order-resources.ts';
import { expiredPageToken, nextLink, type PageRequest, readPageRequest } from './read-page.ts';
import { contextSelection, readSelection, select } from './select-properties.ts';

const collectionOptions = [
  '$filter',
  '$search',
  '$select',
  '$expand',
  '$orderby',
  '$top',
  '$count',
  '$skiptoken',
];

interface Collection<T extends { id: string }> {
  /** The set's name in `@odata.context`, e.g. `applications`. */
  context: string;
  type: ResourceType;
  /** All objects that the caller may see. */
  objects: ObjectSet<T>;
  relations?: Relations;
}

/** Which objects of a set are meant: all that a test lets through, found by an index where there is one. */
interface Matching<T extends { id: string }> {
  objects: ObjectSet<T>;
  matches: Predicate | null;
}

/**
 * Answers a collection with `$filter`, `$search`, `$orderby`, `$select`, `$expand`, `$top`, `$count` and pages. A page
 * without a filter, and a filter that an index fits, take the same time however large the directory is.
 *
 * @throws GraphError 400 for a query option that is unknown or can't be read
 */
export function answerCollection<T extends { id: string }>(
  call: GraphCall,
  { context, type, objects, relations }: Collection<T>,
): GraphAnswer {
  refuseUnknownOptions(call.query, collectionOptions);
  const advanced = call.eventual && call.query.get('$count')?.toLowerCase() === 'true';
  const selection = readSelection(call, type);
  const expansion = readExpansion(call, context, relations);
  const request = readPageRequest(call.query);
  const order = readOrder(call, type, advanced);
  const matching = narrow(call, { objects, type, advanced });
  const found = isOwnOrder(matching.objects, order)
    ? readPage(matching, request)
    : sortPage(matching, order, request);
  const last = found.length > request.size ? found[request.size - 1] : undefined;
  return {
    status: 200,
    type,
    body: {
      '@odata.context': `${call.serviceRoot}/$metadata#${context}${contextSelection(selection)}`,
      // The count is told with the first page only.
      ...(advanced && request.afterId === null && { '@odata.count': count(matching) }),
      ...(last && { '@odata.nextLink': nextLink(call, last) }),
      value: found.slice(0, request.size).map((resource) => ({
        ...select(resource, type, selection),
        ...expansion(String(resource.id)),
      })),
    },
  };
}

/**
 * Answers `/{set}/$count`: the bare number.
 *
 * @throws GraphError 400 without the header `ConsistencyLevel: eventual`, which it needs always
 */
export function answerCount<T extends { id: string }>(
  call: GraphCall,
  { type, objects }: Pick<Collection<T>, 'type' | 'objects'>,
): GraphAnswer {
  refuseUnknownOptions(call.query, ['$filter', '$search']);
  if (!call.eventual) {
    throw new GraphError(
      400,
      'Request_BadRequest',
      "$count is not currently supported without the header 'ConsistencyLevel: eventual'.",
    );
  }
  return { status: 200, text: String(count(narrow(call, { objects, type, advanced: true }))) };
}

/** Options of OData that the real Graph has somewhere ("Use query parameters to customize responses"). */
const laterOptions = ['$apply', '$compute', '$deltatoken', '$format', '$levels'];

/**
 * @throws GraphError 400 for an option that is unknown or repeated, 501 for one that is not built; options are those
 *   that begin with `$`
 */
export function refuseUnknownOptions(query: URLSearchParams, known: readonly string[]): void {
  for (const name of query.keys()) {
    if (!name.startsWith('$')) continue;
    if (!known.includes(name)) {
      if (laterOptions.includes(name)) throw notAvailable(`Query option '${name}'`);
      throw new GraphError(400, 'BadRequest', `Query option '${name}' is not supported for this resource.`);
    }
    if (query.getAll(name).length > 1) {
      throw new GraphError(
        400,
        'BadRequest',
        `Query option '${name}' was specified more than once, but it must be specified at most once.`,
      );
    }
  }
}

function narrow<T extends { id: string }>(
  call: GraphCall,
  { objects, type, advanced }: { objects: ObjectSet<T>; type: ResourceType; advanced: boolean },
): Matching<T> {
  const source = call.query.get('$filter');
  const searched = compileSearch(call, type);
  if (source === null) return { objects, matches: searched };
  const expression = parseFilter(source);
  const filtered = compileFilter(expression, type, advanced);
  return {
    objects: lookUp(objects, fixedProperties(expression)) ?? objects,
    matches: searched ? (resource) => filtered(resource) && searched(resource) : filtered,
  };
}

function lookUp<T extends { id: string }>(
  { lookUps = {}, present }: ObjectSet<T>,
  fixed: ReadonlyMap<string, string>,
): ObjectSet<T> | undefined {
  for (const [property, find] of Object.entries(lookUps)) {
    const value = fixed.get(property.toLowerCase());
    const found = value === undefined ? undefined : find(value);
    if (found) return narrowTo(found, present);
  }
  return undefined;
}

function isOwnOrder<T extends { id: string }>(objects: ObjectSet<T>, order: Order | null): order is null {
  return order === null || (!order.descending && order.property === objects.order);
}

/** One object more than the page has, when there are more. */
function readPage<T extends { id: string }>(
  { objects, matches }: Matching<T>,
  { size, afterId }: PageRequest,
): GraphResource[] {
  if (afterId !== null && !objects.has(afterId)) throw expiredPageToken();
  const found: GraphResource[] = [];
  for (const object of scan(objects, afterId, matches ? undefined : size + 1)) {
    const resource = objects.present(object);
    if (matches && !matches(resource)) continue;
    found.push(resource);
    if (found.length > size) break;
  }
  return found;
}

function sortPage<T extends { id: string }>(
  matching: Matching<T>,
  order: Order,
  { size, afterId }: PageRequest,
): GraphResource[] {
  const sorted = orderResources([...matchingResources(matching)], order);
  const last = afterId === null ? -1 : sorted.findIndex(({ id }) => id === afterId);
  if (afterId !== null && last === -1) throw expiredPageToken();
  return sorted.slice(last + 1, last + 1 + size + 1);
}

function count<T extends { id: string }>(matching: Matching<T>): number {
  if (!matching.matches) return matching.objects.count();
  return [...matchingResources(matching)].length;
}

function* matchingResources<T extends { id: string }>({ objects, matches }: Matching<T>) {
  for (const object of scan(objects)) {
    const resource = objects.present(object);
    if (!matches || matches(resource)) yield resource;
  }
}
