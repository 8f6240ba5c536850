import { isGuid } from '@latchkey/microsoft';
import { badRequest } from '../errors/graph-error.ts';
import type { GraphCall } from './graph-operation.ts';
import { readText } from './read-body.ts';

/** The reference names no length; it keeps a row a row. */
const maximumNameLength = 1024;

/** What stands in parentheses behind a set's name: `(appId='…')` or the plain key `('…')`, quotes in it doubled. */
const keyForm = /^\((?:(?<name>\w+)=)?'(?<value>(?:[^']|'')*)'\)$/;

/** A key in a path. `uniqueName` is text, the others are GUIDs in lower case. */
export interface AddressedKey {
  name: 'id' | AlternateKey;
  value: string;
}

export type AlternateKey = 'appId' | 'uniqueName';

/** The key in parentheses, its name in lower case and empty where there is none; undefined when it is none. */
export function parseKey(key: string): { name: string; value: string } | undefined {
  const groups = key.match(keyForm)?.groups;
  if (groups?.value === undefined) return undefined;
  return { name: (groups.name ?? '').toLowerCase(), value: groups.value.replaceAll("''", "'") };
}

/**
 * The key in a call's path, in either form.
 *
 * @param alternates the keys that the set has besides the id
 * @throws GraphError 400 when it is none
 */
export function readAddressedKey(
  { id, key }: GraphCall['params'],
  alternates: readonly AlternateKey[],
): AddressedKey {
  const { name: given, value } = (key === undefined ? { name: '', value: id } : parseKey(key)) ?? {};
  const name = given === '' ? 'id' : findKeyName(['id', ...alternates], given);
  if (name === undefined || value === undefined) {
    throw badRequest(`Resource not found for the segment '${key}'.`);
  }
  if (name === 'uniqueName') return { name, value: readText(value, name, maximumNameLength) };
  if (!isGuid(value)) throw badRequest(`Invalid object identifier '${value}'.`);
  return { name, value: value.toLowerCase() };
}

function findKeyName(
  names: readonly AddressedKey['name'][],
  given: string | undefined,
): AddressedKey['name'] | undefined {
  return names.find((name) => name.toLowerCase() === given);
}

/** The text of a plain key, `/set/{key}` or `/set('{key}')`. @throws GraphError 400 when it is none */
export function readPlainKey({ id, key }: GraphCall['params']): string {
  const parsed = key === undefined ? undefined : parseKey(key);
  const value = key === undefined ? id : parsed?.name === '' ? parsed.value : undefined;
  if (value === undefined) throw badRequest(`Resource not found for the segment '${key}'.`);
  return value;
}
