import { isGuid } from '@latchkey/microsoft';
import { findTenant } from '../../directory/tenants.ts';
import type { Caller } from '../access/authenticate-caller.ts';
import { badRequest, GraphError, notAvailable } from '../errors/graph-error.ts';
import type { GraphContext, GraphOperation } from '../operation/graph-operation.ts';
import { isRealMethod, isRealSegment } from '../operation/real-segments.ts';

export interface FoundOperation {
  operation: GraphOperation;
  params: Record<string, string>;
  /** The tenant that the path names before the resource, by id or domain. */
  tenant: string | undefined;
}

export type OperationFinder = (method: string, path: string) => FoundOperation;

/** A place in the tree of all paths. */
interface Place {
  /** The path up to here in lower case, with `*` for each key. */
  name: string;
  /** What follows by name, in lower case. */
  literals: Map<string, Place>;
  /** What follows by a key: `/{id}`, or `('…')` behind the name. */
  keyed: Place | undefined;
  inParentheses: Place | undefined;
  operations: GraphOperation[];
}

/** Where a path led: to a place, with the values of its parameters, or to the segment that leads nowhere. */
type Walk = { place: Place; values: string[] } | { stoppedAt: number; place: Place };

const domain = /^[\w-]+(?:\.[\w-]+)+$/;
const withKey = /^(?<name>[^()]+)(?<key>\(.*\))$/s;
const parameter = /:(\w+)/g;

/**
 * Makes a finder of operations by method and path, the latter as sent, from behind `/v1.0` on: for calls by themselves
 * and within a batch. Names may be in any case, and the path may end in slashes, as some libraries send it. Before the
 * resource may stand `myorganization`, an alias that older clients use, or a tenant. Names win over keys:
 * `/users/$count` over `/users/{id}`.
 *
 * @throws GraphError (the finder) 400 for a path of nobody, 405 for another method's path, 501 for what only the real
 *   Graph has
 */
export function createOperationFinder(operations: readonly GraphOperation[]): OperationFinder {
  const root = newPlace('');
  for (const operation of operations) placeOf(root, operation.path).operations.push(operation);
  return (method, path) => {
    const { tenant, segments } = splitPath(path);
    const walk = follow(root, segments, 0);
    if ('stoppedAt' in walk) throw refuseSegment(walk.place, segments[walk.stoppedAt] ?? '');
    const { place, values } = walk;
    const operation = place.operations.find((candidate) => candidate.method === method);
    if (!operation) throw refuseMethod(place, method);
    const names = [...operation.path.matchAll(parameter)].map(([, name = '']) => name);
    const params = Object.fromEntries(names.map((name, index) => [name, values[index] ?? '']));
    return { operation, params, tenant };
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

function newPlace(name: string): Place {
  return { name, literals: new Map(), keyed: undefined, inParentheses: undefined, operations: [] };
}

/** The place of an operation's path, `/applications/:id/owners` or `/applications:key/owners`; made where it is missing. */
function placeOf(root: Place, path: string): Place {
  let place = root;
  for (const segment of path.slice(1).split('/')) {
    const [name = '', key] = segment.split(':');
    if (name !== '') place = literalPlace(place, name.toLowerCase());
    if (key === undefined) continue;
    const below = `${place.name}/*`;
    if (name === '') place = place.keyed ??= newPlace(below);
    else place = place.inParentheses ??= newPlace(below);
  }
  return place;
}

function literalPlace(place: Place, name: string): Place {
  const existing = place.literals.get(name);
  if (existing) return existing;
  const made = newPlace(place.name === '' ? name : `${place.name}/${name}`);
  place.literals.set(name, made);
  return made;
}

function follow(place: Place, segments: readonly string[], index: number): Walk {
  const segment = segments[index];
  if (segment === undefined) return { place, values: [] };
  const byName = followName(place, segments, index);
  if (byName) return byName;
  // What the real Graph means by name is no key: `/users/delta` is nobody's sign-in name.
  if (!place.keyed || isRealSegment(place.name, nameOf(segment))) return { stoppedAt: index, place };
  const byKey = follow(place.keyed, segments, index + 1);
  return 'stoppedAt' in byKey ? byKey : { ...byKey, values: [segment, ...byKey.values] };
}

function followName(place: Place, segments: readonly string[], index: number): Walk | undefined {
  const segment = segments[index] ?? '';
  const whole = place.literals.get(segment.toLowerCase());
  if (whole) return follow(whole, segments, index + 1);
  const { name = '', key = '' } = withKey.exec(segment)?.groups ?? {};
  const inParentheses = place.literals.get(name.toLowerCase())?.inParentheses;
  if (!inParentheses || key === '()') return undefined;
  const walk = follow(inParentheses, segments, index + 1);
  return 'stoppedAt' in walk ? walk : { ...walk, values: [key, ...walk.values] };
}

/** A segment's name in lower case, without a key or the parentheses of a function. */
function nameOf(segment: string): string {
  return (withKey.exec(segment)?.groups?.name ?? segment).toLowerCase();
}

function refuseSegment(place: Place, segment: string): GraphError {
  if (isRealSegment(place.name, nameOf(segment))) return notAvailable(`'${segment}'`);
  if (segment === '') {
    return new GraphError(
      400,
      'BadRequest',
      'Empty segment encountered in request URL. Please make sure that a valid request URL is specified.',
    );
  }
  return new GraphError(400, 'BadRequest', `Resource not found for the segment '${segment}'.`);
}

function refuseMethod({ name, operations }: Place, method: string): GraphError {
  // Only a step on the way to what is served: `/directory`.
  if (operations.length === 0) return notAvailable(`'/${name}'`);
  if (isRealMethod(name, method)) return notAvailable(`${method} of '/${name}'`);
  return new GraphError(
    405,
    'Request_BadRequest',
    'Specified HTTP method is not allowed for the request target.',
  );
}

function splitPath(path: string): { tenant: string | undefined; segments: string[] } {
  const inner = path.replace(/^\//, '').replace(/\/+$/, '');
  const all = inner === '' ? [] : inner.split('/').map(decode);
  const [first = '', ...rest] = all;
  if (rest.length === 0) return { tenant: undefined, segments: all };
  if (first.toLowerCase() === 'myorganization') return { tenant: undefined, segments: rest };
  if (isGuid(first) || domain.test(first)) return { tenant: first, segments: rest };
  return { tenant: undefined, segments: all };
}

function decode(value: string): string {
  try {
    const segment = decodeURIComponent(value);
    if (!segment.includes('\0')) return segment;
  } catch (error) {
    if (!(error instanceof URIError)) throw error;
    throw new GraphError(400, 'BadRequest', `The segment '${value}' is not percent-encoded rightly.`);
  }
  throw new GraphError(400, 'BadRequest', `The segment '${value}' must not have the character U+0000.`);
}
