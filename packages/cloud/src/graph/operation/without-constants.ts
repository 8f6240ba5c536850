import { isDeepStrictEqual } from 'node:util';
import { isRecord } from '../../ground/json.ts';
import { notAvailable } from '../errors/graph-error.ts';
import { findName } from './find-name.ts';
import type { GraphResource } from './graph-operation.ts';

/**
 * Takes from a body the properties that this cloud keeps at one value, where the body has just that or nothing in it:
 * clients send whole objects with what they leave empty.
 *
 * @param constants the properties with the value that each always has
 * @throws GraphError 501 for another value
 */
export function withoutConstants(body: unknown, constants: Readonly<GraphResource>): unknown {
  if (!isRecord(body)) return body;
  const others = Object.entries(body).filter(([given, value]) => {
    const name = findName(Object.keys(constants), given);
    if (name === undefined) return true;
    requireConstant(name, value, constants[name]);
    return false;
  });
  return Object.fromEntries(others);
}

/** @throws GraphError 501 unless the value is empty, or the one that the property always has */
export function requireConstant(name: string, value: unknown, constant: unknown): void {
  if (isEmpty(value) || isDeepStrictEqual(value, constant)) return;
  throw notAvailable(`A value of property '${name}'`);
}

/** Null, false, blank text, and lists and objects that hold nothing else. */
function isEmpty(value: unknown): boolean {
  if (value === null || value === false || value === '') return true;
  return typeof value === 'object' && Object.values(value).every(isEmpty);
}
