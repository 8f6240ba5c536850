import { permissionRules } from '../access/permission-rules.ts';
import { badRequest, resourceNotFound } from '../errors/graph-error.ts';
import {
  type GraphAnswer,
  type GraphCall,
  type GraphOperation,
  type GraphResource,
  withKeyForm,
} from '../operation/graph-operation.ts';
import { readGuid } from '../operation/read-body.ts';
import { readObjectReference } from '../operation/read-object-reference.ts';
import { answerCollection } from '../query/answer-collection.ts';
import { listedObjects } from '../query/object-set.ts';
import { directoryObjectType, presentDirectoryObject } from '../resources/present-directory-object.ts';

/** An object that people and service principals own. */
export interface Owned {
  ownerIds: readonly string[];
  /** @throws GraphError 403 when the caller may not change the object */
  requireManager: () => void;
  add: (ownerId: string) => void;
  /** Returns whether there was such an owner. */
  remove: (ownerId: string) => boolean;
}

/**
 * `…/owners` of a set's objects: list, add and remove by reference.
 *
 * @param find the object that the path names
 */
export function ownerOperations(set: string, find: (call: GraphCall) => Owned): GraphOperation[] {
  const [read, write] = [[permissionRules.readApplications], [permissionRules.writeApplications]];
  return [
    ...withKeyForm(set, '/owners', {
      method: 'GET',
      permissions: read,
      handle: (call) => listOwners(call, find(call)),
    }),
    ...withKeyForm(set, '/owners/$ref', {
      method: 'POST',
      permissions: write,
      handle: (call) => addOwnerByReference(call, find(call)),
    }),
    ...withKeyForm(set, '/owners/:owner/$ref', {
      method: 'DELETE',
      permissions: write,
      handle: (call) => removeOwnerByReference(call, find(call)),
    }),
  ];
}

/** Owners as they are answered, each with its `@odata.type`. */
export function presentOwners(call: GraphCall, ownerIds: readonly string[]): GraphResource[] {
  return ownerIds.map((id) => presentDirectoryObject(call, id)).filter((owner) => owner !== undefined);
}

function listOwners(call: GraphCall, { ownerIds }: Owned): GraphAnswer {
  return answerCollection(call, {
    context: 'directoryObjects',
    type: directoryObjectType,
    objects: listedObjects(presentOwners(call, ownerIds)),
  });
}

/** The body names the owner: `{"@odata.id": "…/directoryObjects/{id}"}`. */
export function addOwnerByReference(call: GraphCall, { ownerIds, requireManager, add }: Owned): GraphAnswer {
  requireManager();
  const id = readObjectReference(call.body);
  if (!presentDirectoryObject(call, id)) throw resourceNotFound(id);
  if (ownerIds.includes(id)) {
    throw badRequest(
      "One or more added object references already exist for the following modified properties: 'owners'.",
    );
  }
  add(id);
  return { status: 204 };
}

/** `DELETE …/owners/{id}/$ref`: the object itself stays. */
export function removeOwnerByReference(call: GraphCall, { requireManager, remove }: Owned): GraphAnswer {
  requireManager();
  const owner = readGuid(call.params.owner, 'id');
  if (!remove(owner)) throw resourceNotFound(owner);
  return { status: 204 };
}
