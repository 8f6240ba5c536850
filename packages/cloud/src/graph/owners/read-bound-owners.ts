import { resourceNotFound } from '../errors/graph-error.ts';
import { readProperty } from '../operation/find-name.ts';
import type { GraphCall } from '../operation/graph-operation.ts';
import { readList } from '../operation/read-body.ts';
import { readReference } from '../operation/read-object-reference.ts';
import { presentDirectoryObject } from '../resources/present-directory-object.ts';

const annotation = 'owners@odata.bind';

/** The ids of those whom a create names as owners by `owners@odata.bind`. @throws GraphError 400, 404 */
export function readBoundOwners(call: GraphCall): string[] {
  const links = readProperty(call.body, annotation) ?? [];
  const ids = readList(links, annotation, readReference);
  for (const id of ids) if (!presentDirectoryObject(call, id)) throw resourceNotFound(id);
  return [...new Set(ids)];
}
