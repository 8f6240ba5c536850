import { isGuid } from '@latchkey/microsoft';
import { badRequest } from '../errors/graph-error.ts';
import type { GraphCall } from './graph-operation.ts';

/** What stands in parentheses behind a set's name: `(appId='…')` or the plain key `('…')`, quotes in it doubled. */
const keyForm = /^\((?:(?<name>\w+)=)?'(?<value>(?:[^']|'')*)'\)$/;

export type AddressedKey = { name: 'id' | 'appId'; value: string };

/** The key in parentheses, its name in lower case and empty where there is none; undefined when it is none. */
export function parseKey(key: string): { name: string; value: string } | undefined {
  const groups = key.match(keyForm)?.groups;
  if (groups?.value === undefined) return undefined;
  return { name: (groups.name ?? '').toLowerCase(), value: groups.value.replaceAll("''", "'") };
}

/** The key in a call's path, in either form. @throws GraphError 400 when it is none */
export function readAddressedKey({ id, key }: GraphCall['params']): AddressedKey {
  const { name, value } = (key === undefined ? { name: 'id', value: id } : parseKey(key)) ?? {};
  if (name === undefined || value === undefined || !['', 'id', 'appid'].includes(name)) {
    throw badRequest(`Resource not found for the segment '${key}'.`);
  }
  if (!isGuid(value)) throw badRequest(`Invalid object identifier '${value}'.`);
  return { name: name === 'appid' ? 'appId' : 'id', value: value.toLowerCase() };
}

/** The text of a plain key, `/set/{key}` or `/set('{key}')`. @throws GraphError 400 when it is none */
export function readPlainKey({ id, key }: GraphCall['params']): string {
  const parsed = key === undefined ? undefined : parseKey(key);
  const value = key === undefined ? id : parsed?.name === '' ? parsed.value : undefined;
  if (value === undefined) throw badRequest(`Resource not found for the segment '${key}'.`);
  return value;
}
