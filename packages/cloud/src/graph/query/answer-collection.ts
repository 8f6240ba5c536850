import { ODataSyntaxError } from '../../dataverse/odata/odata-syntax-error.ts';
import { parseOrderBy } from '../../dataverse/odata/parse-clauses.ts';
import { GraphError } from '../graph-error.ts';
import type { GraphAnswer, GraphCall, GraphResource } from '../graph-operation.ts';
import { compileFilter } from './compile-filter.ts';
import type { ResourceType } from './resource-type.ts';
import { contextSelection, readSelection, select } from './select-properties.ts';

const defaultPageSize = 100;
const maximumPageSize = 999;
const collectionOptions = ['$filter', '$select', '$orderby', '$top', '$count', '$skiptoken'];

/**
 * Answers a collection with `$filter`, `$orderby`, `$select`, `$top`, `$count` and pages.
 *
 * @param context the set's name in `@odata.context`, e.g. `applications`
 * @param resources all objects that the caller may see, each with an `id`, in a steady order
 * @throws GraphError 400 for a query option that is unknown or can't be read
 */
export function answerCollection(
  call: GraphCall,
  { context, type, resources }: { context: string; type: ResourceType; resources: GraphResource[] },
): GraphAnswer {
  refuseUnknownOptions(call.query, collectionOptions);
  const counted = call.query.get('$count') === 'true';
  const advanced = call.eventual && counted;
  const filter = call.query.get('$filter');
  const selection = readSelection(call, type);
  const matching = filter === null ? resources : resources.filter(compileFilter(filter, type, advanced));
  const { page, nextToken } = takePage(call.query, order(matching, call.query, { type, advanced }));
  return {
    status: 200,
    body: {
      '@odata.context': `${call.serviceRoot}/$metadata#${context}${contextSelection(selection)}`,
      // The count is told with the first page only.
      ...(advanced && !call.query.has('$skiptoken') && { '@odata.count': matching.length }),
      ...(nextToken && { '@odata.nextLink': nextLink(call, nextToken) }),
      value: page.map((resource) => select(resource, type, selection)),
    },
  };
}

/** @throws GraphError 400; options are those parameters that begin with `$` */
export function refuseUnknownOptions(query: URLSearchParams, known: readonly string[]): void {
  for (const name of query.keys()) {
    if (name.startsWith('$') && !known.includes(name)) {
      throw new GraphError(400, 'BadRequest', `Query option '${name}' is not supported for this resource.`);
    }
  }
}

function order(
  resources: GraphResource[],
  query: URLSearchParams,
  { type, advanced }: { type: ResourceType; advanced: boolean },
): GraphResource[] {
  const source = query.get('$orderby');
  if (source === null) return resources;
  const [item, ...rest] = readOrderBy(source);
  const name = item?.expression.kind === 'path' ? item.expression.names.join('/') : '';
  const sortable = type.properties.includes(name) && rest.length === 0;
  if (!sortable || (query.has('$filter') && !advanced)) {
    throw new GraphError(
      400,
      'Request_UnsupportedQuery',
      `Sorting by '${source}' is not supported for the current query.`,
    );
  }
  const direction = item?.descending ? -1 : 1;
  return resources.toSorted((a, b) => direction * compareText(a[name], b[name]));
}

function readOrderBy(source: string): ReturnType<typeof parseOrderBy> {
  try {
    return parseOrderBy(source);
  } catch (error) {
    if (!(error instanceof ODataSyntaxError)) throw error;
    throw new GraphError(400, 'BadRequest', `Invalid $orderby clause: ${error.message}`);
  }
}

function compareText(a: unknown, b: unknown): number {
  const [first, second] = [a, b].map((value) => (typeof value === 'string' ? value.toLowerCase() : ''));
  return (first ?? '').localeCompare(second ?? '', 'en');
}

/** A page begins after the object that its token names, so that objects made in between shift nothing. */
function takePage(query: URLSearchParams, resources: GraphResource[]) {
  const size = readTop(query.get('$top'));
  const token = query.get('$skiptoken');
  const last = token === null ? -1 : resources.findIndex((resource) => tokenFor(resource) === token);
  if (token !== null && last === -1) {
    throw new GraphError(
      400,
      'Directory_ExpiredPageToken',
      'The specified page token value has expired and can no longer be included in your request.',
    );
  }
  const page = resources.slice(last + 1, last + 1 + size);
  const end = page.at(-1);
  const more = last + 1 + size < resources.length;
  return { page, nextToken: more && end ? tokenFor(end) : undefined };
}

function tokenFor(resource: GraphResource): string {
  return Buffer.from(`after:${String(resource.id)}`).toString('base64url');
}

function readTop(top: string | null): number {
  if (top === null) return defaultPageSize;
  const size = Number(top);
  if (!Number.isInteger(size) || size < 1 || size > maximumPageSize) {
    throw new GraphError(
      400,
      'Request_UnsupportedQuery',
      `Invalid page size specified: '${top}'. Must be between 1 and ${maximumPageSize} inclusive.`,
    );
  }
  return size;
}

function nextLink(call: GraphCall, token: string): string {
  const others = [...call.query]
    .filter(([name]) => name !== '$skiptoken')
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return `${new URL(call.serviceRoot).origin}${call.path}?${[...others, `$skiptoken=${token}`].join('&')}`;
}
