import { isRecord } from '../../ground/json.ts';
import { invalidValue } from '../errors/graph-error.ts';
import { findName } from '../operation/find-name.ts';
import type { GraphCall } from '../operation/graph-operation.ts';
import { readList } from '../operation/read-body.ts';
import { readReference } from '../operation/read-object-reference.ts';
import { addLinks, type Links } from './link-operations.ts';

/** The ids of objects that a body links to what it makes or changes. */
export type BoundIds = Partial<Record<Links['relation'], ReadonlySet<string>>>;

/** "Create group", "Update group": so many links one call makes. */
const mostBound = 20;

/**
 * Takes from a body the links that it makes: `"owners@odata.bind": ["https://graph.microsoft.com/v1.0/users/{id}"]`.
 *
 * @param relations those that the object has; links of others are left in the body
 * @returns the ids, and what else the body has
 * @throws GraphError 400 for what is no address of an object, and for too many
 */
export function splitBinds(
  body: unknown,
  relations: readonly Links['relation'][],
): { bound: BoundIds; rest: unknown } {
  const bound: BoundIds = {};
  if (!isRecord(body)) return { bound, rest: body };
  let count = 0;
  const rest = Object.entries(body).filter(([name, value]) => {
    const relation = relations.find((known) => findName([`${known}@odata.bind`], name) !== undefined);
    if (!relation) return true;
    const ids = readList(value, name, readReference);
    count += ids.length;
    if (count > mostBound) throw invalidValue(name, `It has more than ${mostBound} items.`);
    bound[relation] = new Set(ids);
    return false;
  });
  return { bound, rest: Object.fromEntries(rest) };
}

/** @throws GraphError 400, 404 as for a link that is made by itself */
export function bindLinks(call: GraphCall, bound: BoundIds, links: readonly Links[]): void {
  for (const link of links) addLinks(call, link, bound[link.relation] ?? []);
}
