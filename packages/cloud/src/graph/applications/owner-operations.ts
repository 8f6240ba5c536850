import { addOwner, listOwnerIds, removeOwner } from '../../directory/applications.ts';
import { permissionRules } from '../access/permission-rules.ts';
import { requireApplicationManager } from '../access/person-rules.ts';
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
import type { Relations } from '../query/expand-relations.ts';
import { listedObjects } from '../query/object-set.ts';
import { directoryObjectType, presentDirectoryObject } from '../resources/present-directory-object.ts';
import { findAddressedApplication } from './find-addressed-application.ts';

/** `/applications/{id}/owners`. */
export const ownerOperations: GraphOperation[] = [
  ...withKeyForm('applications', '/owners', {
    method: 'GET',
    permissions: [permissionRules.readApplications],
    handle: listOwners,
  }),
  ...withKeyForm('applications', '/owners/$ref', {
    method: 'POST',
    permissions: [permissionRules.writeApplications],
    handle: addOwnerByReference,
  }),
  ...withKeyForm('applications', '/owners/:owner/$ref', {
    method: 'DELETE',
    permissions: [permissionRules.writeApplications],
    handle: removeOwnerByReference,
  }),
];

function listOwners(call: GraphCall): GraphAnswer {
  const application = findAddressedApplication(call);
  return answerCollection(call, {
    context: 'directoryObjects',
    type: directoryObjectType,
    objects: listedObjects(ownersOf(call, application.id)),
  });
}

/** What `$expand` may name of an application. */
export function applicationRelations(call: GraphCall): Relations {
  return { owners: (id) => ownersOf(call, id) };
}

function ownersOf(call: GraphCall, applicationId: string): GraphResource[] {
  return listOwnerIds(call.context.directory, applicationId)
    .map((id) => presentDirectoryObject(call, id))
    .filter((owner) => owner !== undefined);
}

/** The body names the owner: `{"@odata.id": "…/directoryObjects/{id}"}`. */
export function addOwnerByReference(call: GraphCall): GraphAnswer {
  const { directory } = call.context;
  const application = findAddressedApplication(call);
  requireApplicationManager(call.caller, directory, application);
  const id = readObjectReference(call.body);
  if (!presentDirectoryObject(call, id)) throw resourceNotFound(id);
  if (listOwnerIds(directory, application.id).includes(id)) {
    throw badRequest(
      "One or more added object references already exist for the following modified properties: 'owners'.",
    );
  }
  addOwner(directory, application.id, id);
  return { status: 204 };
}

/** `DELETE …/owners/{id}/$ref`: the object itself stays. */
export function removeOwnerByReference(call: GraphCall): GraphAnswer {
  const { directory } = call.context;
  const application = findAddressedApplication(call);
  requireApplicationManager(call.caller, directory, application);
  const owner = readGuid(call.params.owner, 'id');
  if (!removeOwner(directory, application.id, owner)) throw resourceNotFound(owner);
  return { status: 204 };
}
