import { isGuid } from '@latchkey/microsoft';
import { badRequest } from '../errors/graph-error.ts';
import type { GraphCall } from './graph-operation.ts';

/** What stands in parentheses behind a set's name: `(appId='…')` or the plain key `('…')`. */
const keyForm = /^\((?:(?<name>\w+)=)?'(?<value>[^']*)'\)$/;

export type AddressedKey = { name: 'id' | 'appId'; value: string };

/** The key in a call's path, in either form. @throws GraphError 400 when it is none */
export function readAddressedKey({ id, key }: GraphCall['params']): AddressedKey {
  const groups = key === undefined ? { name: 'id', value: id } : key.match(keyForm)?.groups;
  const name = groups?.name ?? 'id';
  const value = groups?.value;
  if (value === undefined || (name !== 'id' && name !== 'appId')) {
    throw badRequest(`Resource not found for the segment '${key}'.`);
  }
  if (!isGuid(value)) throw badRequest(`Invalid object identifier '${value}'.`);
  return { name, value: value.toLowerCase() };
}

/** The text of a plain key, `/set/{key}` or `/set('{key}')`. @throws GraphError 400 when it is none */
export function readPlainKey({ id, key }: GraphCall['params']): string {
  const groups = key?.match(keyForm)?.groups;
  const value = key === undefined ? id : groups?.name === undefined ? groups?.value : undefined;
  if (value === undefined) throw badRequest(`Resource not found for the segment '${key}'.`);
  return value;
}
