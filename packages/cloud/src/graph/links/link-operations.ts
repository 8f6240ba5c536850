import { badRequest, resourceNotFound } from '../errors/graph-error.ts';
import type {
  GraphAnswer,
  GraphCall,
  GraphOperation,
  GraphResource,
  Places,
} from '../operation/graph-operation.ts';
import { readGuid } from '../operation/read-body.ts';
import { readObjectReference } from '../operation/read-object-reference.ts';
import { mixedCollectionOperations } from '../query/mixed-collection.ts';
import { presentDirectoryObject } from '../resources/present-directory-object.ts';

/** The directory objects that hang on another one by reference: its owners, or its members. */
export interface Links {
  relation: 'owners' | 'members';
  ids: readonly string[];
  /** @throws GraphError 403 when the caller may not change the links */
  requireManager: () => void;
  /** @throws GraphError 400 for an object that can't be linked; its `@odata.type` tells what it is */
  requireLinkable: (object: GraphResource) => void;
  add: (id: string) => void;
  /** Returns whether there was such a link. @throws GraphError 400 when it has to stay */
  remove: (id: string) => boolean;
}

/** What may own applications, service principals and groups. */
export const ownerKinds: readonly string[] = ['user', 'servicePrincipal'];

/** @throws GraphError 400 for an object of another kind, as its `@odata.type` tells */
export function requireKind(
  object: GraphResource,
  relation: Links['relation'],
  allowed: readonly string[],
): void {
  const kind = String(object['@odata.type']).replace('#microsoft.graph.', '');
  if (allowed.includes(kind)) return;
  throw badRequest(`An object of type '${kind}' can't be among the ${relation} of this object.`);
}

/**
 * `…/owners` or `…/members` of a set's objects: list, add and remove by reference.
 *
 * @param find the links of the object that the path names
 * @param places the places of reading and of writing operations, with the permissions that each takes
 */
export function linkOperations(
  relation: Links['relation'],
  find: (call: GraphCall) => Links,
  { read, write }: { read: Places; write: Places },
): GraphOperation[] {
  return [
    ...mixedCollectionOperations(`/${relation}`, (call) => presentLinked(call, find(call).ids), read),
    ...write(`/${relation}/$ref`, { method: 'POST', handle: (call) => addByReference(call, find(call)) }),
    ...write(`/${relation}/:linked/$ref`, {
      method: 'DELETE',
      handle: (call) => removeByReference(call, find(call)),
    }),
  ];
}

/** Linked objects as they are answered, each with its `@odata.type`. */
export function presentLinked(call: GraphCall, ids: readonly string[]): GraphResource[] {
  return ids.map((id) => presentDirectoryObject(call, id)).filter((object) => object !== undefined);
}

/** The body names the object: `{"@odata.id": "…/directoryObjects/{id}"}`. */
export function addByReference(call: GraphCall, links: Links): GraphAnswer {
  links.requireManager();
  addLinks(call, links, [readObjectReference(call.body)]);
  return { status: 204 };
}

/** @throws GraphError 400 for an object that is linked already or can't be, 404 for one that is none */
export function addLinks(
  call: GraphCall,
  { relation, ids, requireLinkable, add }: Links,
  added: Iterable<string>,
): void {
  for (const id of added) {
    const object = presentDirectoryObject(call, id);
    if (!object) throw resourceNotFound(id);
    requireLinkable(object);
    if (ids.includes(id)) {
      throw badRequest(
        `One or more added object references already exist for the following modified properties: '${relation}'.`,
      );
    }
    add(id);
  }
}

/** `DELETE …/owners/{id}/$ref`: the object itself stays. */
export function removeByReference(call: GraphCall, { requireManager, remove }: Links): GraphAnswer {
  requireManager();
  const id = readGuid(call.params.linked, 'id');
  if (!remove(id)) throw resourceNotFound(id);
  return { status: 204 };
}
