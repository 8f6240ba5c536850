import { type Application, findApplication, findApplicationByAppId } from '../../directory/applications.ts';
import { badRequest, resourceNotFound } from '../errors/graph-error.ts';
import type { GraphCall } from '../operation/graph-operation.ts';
import { isGuid } from '../operation/read-body.ts';

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

/** The living application of the caller's tenant that the path names. @throws GraphError 400, 404 */
export function findAddressedApplication({ context, caller, params }: GraphCall): Application {
  const { name, value } = readAddressedKey(params);
  const application =
    name === 'id'
      ? findApplication(context.directory, caller.tenant.id, value)
      : findApplicationByAppId(context.directory, value);
  if (!application || application.tenantId !== caller.tenant.id) throw resourceNotFound(value);
  return application;
}
