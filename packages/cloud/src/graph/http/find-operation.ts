import { GraphError } from '../errors/graph-error.ts';
import type { GraphOperation } from '../operation/graph-operation.ts';

interface FoundOperation {
  operation: GraphOperation;
  params: Record<string, string>;
}

export type OperationFinder = (method: string, path: string) => FoundOperation;

/**
 * Makes a finder of operations by method and path, the latter from behind `/v1.0` on: for calls within a batch, and to
 * tell a wrong method from a path that does not exist.
 *
 * @throws GraphError (the finder) 405 for another method's path, 400 for a path of nobody
 */
export function createOperationFinder(operations: readonly GraphOperation[]): OperationFinder {
  const patterns = operations.map((operation) => ({ operation, pattern: toPattern(operation.path) }));
  // Literal paths win over parameters: `/users/$count` over `/users/{id}`.
  const ranked = patterns.toSorted((a, b) => parametersIn(a.operation) - parametersIn(b.operation));
  return (method, path) => {
    const own = path.replace(/^\/myorganization(?=\/)/, '');
    const candidates = ranked.filter(({ pattern }) => pattern.test(own));
    const found = candidates.find(({ operation }) => operation.method === method);
    if (found) return { operation: found.operation, params: readParams(found.pattern, own) };
    if (candidates.length > 0) {
      throw new GraphError(
        405,
        'Request_BadRequest',
        'Specified HTTP method is not allowed for the request target.',
      );
    }
    throw new GraphError(
      400,
      'BadRequest',
      `Resource not found for the segment '${path.split('/').at(-1) ?? ''}'.`,
    );
  };
}

/** `/applications/:id` and `/applications:key`, with any value in place of the parameter. */
function toPattern(path: string): RegExp {
  const escaped = path.replaceAll(/[.$]/g, '\\$&');
  return new RegExp(`^${escaped.replaceAll(/:(\w+)/g, '(?<$1>[^/]+)')}$`, 'i');
}

function parametersIn({ path }: GraphOperation): number {
  return path.split(':').length - 1;
}

function readParams(pattern: RegExp, path: string): Record<string, string> {
  const groups = path.match(pattern)?.groups ?? {};
  return Object.fromEntries(Object.entries(groups).map(([name, value]) => [name, decode(value)]));
}

function decode(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch (error) {
    if (!(error instanceof URIError)) throw error;
    throw new GraphError(400, 'BadRequest', `The segment '${value}' is not percent-encoded rightly.`);
  }
}
