import { isDeepStrictEqual } from 'node:util';
import { isRecord } from '../../ground/json.ts';
import { invalidValue } from '../errors/graph-error.ts';
import { findName } from './find-name.ts';
import type { GraphResource } from './graph-operation.ts';

/**
 * Takes from a body the properties that this cloud keeps at one value, where the body has just that or nothing in it:
 * clients send whole objects with what they leave empty.
 *
 * @param constants the properties with the value that each always has
 * @throws GraphError 400 for another value
 */
export function withoutConstants(body: unknown, constants: Readonly<GraphResource>): unknown {
  if (!isRecord(body)) return body;
  const others = Object.entries(body).filter(([given, value]) => {
    const name = findName(Object.keys(constants), given);
    if (name === undefined) return true;
    if (isEmpty(value) || isDeepStrictEqual(value, constants[name])) return false;
    throw invalidValue(name, 'The local Microsoft Graph keeps it empty.');
  });
  return Object.fromEntries(others);
}

/** Null, false, blank text, and lists and objects that hold nothing else. */
function isEmpty(value: unknown): boolean {
  if (value === null || value === false || value === '') return true;
  return typeof value === 'object' && Object.values(value).every(isEmpty);
}
