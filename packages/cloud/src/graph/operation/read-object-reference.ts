import { guidPattern } from '@latchkey/microsoft';
import { badRequest, invalidValue } from '../errors/graph-error.ts';
import type { GraphCall } from './graph-operation.ts';
import { readBody } from './read-body.ts';

/** The object that an `@odata.id` names, whatever host it was written with. */
const reference = new RegExp(`/(?:directoryObjects|users|servicePrincipals)/(?<id>${guidPattern})$`, 'i');

/** The id in `{"@odata.id": "https://graph.microsoft.com/v1.0/directoryObjects/{id}"}`. @throws GraphError 400 */
export function readObjectReference(body: unknown): string {
  const link = isLinked(body) ? body['@odata.id'] : undefined;
  readBody(body, []);
  const id = typeof link === 'string' ? link.match(reference)?.groups?.id?.toLowerCase() : undefined;
  if (id === undefined) throw invalidValue('@odata.id', 'Expected the address of a directory object.');
  return id;
}

/**
 * A path's last segment, where it is a parameter, must be `$ref`; it isn't literal since some clients write it
 * percent-encoded.
 *
 * @throws GraphError 400
 */
export function requireReferenceSegment({ params }: GraphCall): void {
  if (params.ref?.toLowerCase() !== '$ref')
    throw badRequest(`Resource not found for the segment '${params.ref}'.`);
}

function isLinked(body: unknown): body is { '@odata.id'?: unknown } {
  return typeof body === 'object' && body !== null;
}
