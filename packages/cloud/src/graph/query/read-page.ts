import { GraphError } from '../errors/graph-error.ts';
import type { GraphCall, GraphResource } from '../operation/graph-operation.ts';

const defaultPageSize = 100;
const maximumPageSize = 999;
const tokenPattern = /^after:(?<id>.+)$/;

/** Which part of a collection is asked for. */
export interface PageRequest {
  size: number;
  /** The last object of the page before; null on the first one. */
  afterId: string | null;
}

/** Reads `$top` and `$skiptoken`. @throws GraphError 400 */
export function readPageRequest(query: URLSearchParams): PageRequest {
  const token = query.get('$skiptoken');
  const decoded = token === null ? null : Buffer.from(token, 'base64url').toString();
  const afterId = decoded?.match(tokenPattern)?.groups?.id ?? null;
  if (token !== null && afterId === null) throw expiredPageToken();
  return { size: readTop(query.get('$top')), afterId };
}

/** A page begins after the object that its token names, so that objects made in between shift nothing. */
export function expiredPageToken(): GraphError {
  return new GraphError(
    400,
    'Directory_ExpiredPageToken',
    'The specified page token value has expired and can no longer be included in your request.',
  );
}

/** The address of the page that begins after this object. */
export function nextLink(call: GraphCall, last: GraphResource): string {
  const token = Buffer.from(`after:${String(last.id)}`).toString('base64url');
  const others = [...call.query]
    .filter(([name]) => name !== '$skiptoken')
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return `${new URL(call.serviceRoot).origin}${call.path}?${[...others, `$skiptoken=${token}`].join('&')}`;
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
