import { isDeepStrictEqual } from 'node:util';
import { isRecord } from '../../ground/json.ts';
import { readOnlyProperty } from '../errors/graph-error.ts';
import { findName } from './find-name.ts';
import type { GraphResource } from './graph-operation.ts';

/**
 * Takes from the body of an update the read-only properties that it leaves as they are: clients send back whole
 * objects as they read them (OData 4.0 Part 1, §11.4.3).
 *
 * @param current the object as reads show it
 * @param settable the properties that an update may change
 * @throws GraphError 400 that names the read-only property that would change
 */
export function withoutUnchanged(
  body: unknown,
  current: Readonly<GraphResource>,
  settable: readonly string[],
): unknown {
  if (!isRecord(body)) return body;
  const others = Object.entries(body).filter(([given, value]) => {
    const name = findName(Object.keys(current), given);
    if (name === undefined || settable.includes(name)) return true;
    if (isUnchanged(value, current[name])) return false;
    throw readOnlyProperty(name);
  });
  return Object.fromEntries(others);
}

/** Whether a body has just the present value of a property. */
export function isUnchanged(given: unknown, current: unknown): boolean {
  return isDeepStrictEqual(comparable(given), comparable(current));
}

const moment = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,12})?(?:Z|[+-]\d{2}:\d{2})$/;

/** Moments by what they mean: libraries write them with more or fewer digits than they read. */
function comparable(value: unknown): unknown {
  if (typeof value === 'string') return moment.test(value) ? Date.parse(value) : value;
  if (Array.isArray(value)) return value.map(comparable);
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, comparable(part)]));
}
