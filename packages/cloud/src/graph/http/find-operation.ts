import { isGuid } from '@latchkey/microsoft';
import { findTenant } from '../../directory/tenants.ts';
import type { Caller } from '../access/authenticate-caller.ts';
import { badRequest, GraphError } from '../errors/graph-error.ts';
import type { GraphContext, GraphOperation } from '../operation/graph-operation.ts';

export interface FoundOperation {
  operation: GraphOperation;
  params: Record<string, string>;
  /** The tenant that the path names before the resource, by id or domain. */
  tenant: string | undefined;
}

export type OperationFinder = (method: string, path: string) => FoundOperation;

const domain = /^[\w-]+(?:\.[\w-]+)+$/;

/**
 * Makes a finder of operations by method and path, the latter as sent, from behind `/v1.0` on: for calls by themselves
 * and within a batch. Names may be in any case, and the path may end in slashes, as some libraries send it. Before the
 * resource may stand `myorganization`, an alias that older clients use, or a tenant.
 *
 * @throws GraphError (the finder) 405 for another method's path, 400 for a path of nobody
 */
export function createOperationFinder(operations: readonly GraphOperation[]): OperationFinder {
  const patterns = operations.map((operation) => ({ operation, pattern: toPattern(operation.path) }));
  // Literal paths win over parameters: `/users/$count` over `/users/{id}`.
  const ranked = patterns.toSorted((a, b) => parametersIn(a.operation) - parametersIn(b.operation));
  return (method, path) => {
    const { tenant, segments } = splitPath(path);
    const own = segments.join(separator);
    const candidates = ranked.filter(({ pattern }) => pattern.test(own));
    const found = candidates.find(({ operation }) => operation.method === method);
    if (found) return { operation: found.operation, params: { ...own.match(found.pattern)?.groups }, tenant };
    if (candidates.length > 0) {
      throw new GraphError(
        405,
        'Request_BadRequest',
        'Specified HTTP method is not allowed for the request target.',
      );
    }
    throw new GraphError(400, 'BadRequest', `Resource not found for the segment '${segments.at(-1) ?? ''}'.`);
  };
}

/** A path names the tenant of the token or none. @throws GraphError 400 */
export function requireOwnTenant(
  { directory }: GraphContext,
  caller: Caller,
  tenant: string | undefined,
): void {
  if (tenant === undefined || findTenant(directory, tenant)?.id === caller.tenant.id) return;
  throw badRequest('Invalid domain name in the request url.');
}

/** Between decoded segments, which may hold slashes of their own. */
const separator = '\n';

function splitPath(path: string): { tenant: string | undefined; segments: string[] } {
  const all = path.replace(/^\//, '').replace(/\/+$/, '').split('/').map(decode);
  const [first = '', ...rest] = all;
  if (rest.length === 0) return { tenant: undefined, segments: all };
  if (first.toLowerCase() === 'myorganization') return { tenant: undefined, segments: rest };
  if (isGuid(first) || domain.test(first)) return { tenant: first, segments: rest };
  return { tenant: undefined, segments: all };
}

/** `/applications/:id` and `/applications:key`, with any value in place of the parameter, a key in its parentheses. */
function toPattern(path: string): RegExp {
  const escaped = path.slice(1).replaceAll(/[.$]/g, '\\$&');
  const named = escaped
    .replaceAll(':key', String.raw`(?<key>\([^\n]+\))`)
    .replaceAll(/:(\w+)/g, '(?<$1>[^\\n]+)');
  return new RegExp(`^${named.replaceAll('/', separator)}$`, 'i');
}

function parametersIn({ path }: GraphOperation): number {
  return path.split(':').length - 1;
}

function decode(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch (error) {
    if (!(error instanceof URIError)) throw error;
    throw new GraphError(400, 'BadRequest', `The segment '${value}' is not percent-encoded rightly.`);
  }
}
