import { guidPattern } from '@latchkey/microsoft';
import { invalidValue } from '../errors/graph-error.ts';
import { readBody } from './read-body.ts';

/** The object that an address names, whatever host it was written with; `…/users/{id}` and `…/users('{id}')`. */
const reference = new RegExp(
  `/(?:directoryObjects|groups|servicePrincipals|users)(?:/|\\(')(?<id>${guidPattern})(?:'\\))?$`,
  'i',
);

/** The id in `{"@odata.id": "https://graph.microsoft.com/v1.0/directoryObjects/{id}"}`. @throws GraphError 400 */
export function readObjectReference(body: unknown): string {
  const link = isLinked(body) ? body['@odata.id'] : undefined;
  readBody(body, []);
  return readReference(link, '@odata.id');
}

/** The id in the address of a directory object. @throws GraphError 400 */
export function readReference(link: unknown, property: string): string {
  const id = typeof link === 'string' ? link.match(reference)?.groups?.id?.toLowerCase() : undefined;
  if (id === undefined) throw invalidValue(property, 'Expected the address of a directory object.');
  return id;
}

function isLinked(body: unknown): body is { '@odata.id'?: unknown } {
  return typeof body === 'object' && body !== null;
}
