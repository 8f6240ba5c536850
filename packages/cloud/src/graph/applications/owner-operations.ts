import { addOwner, listOwnerIds, removeOwner } from '../../directory/applications.ts';
import { findServicePrincipal } from '../../directory/service-principals.ts';
import { findUser } from '../../directory/users.ts';
import { permissionRules } from '../access/permission-rules.ts';
import { requireApplicationManager } from '../access/person-rules.ts';
import { badRequest, invalidValue, resourceNotFound } from '../graph-error.ts';
import {
  type GraphAnswer,
  type GraphCall,
  type GraphOperation,
  type GraphResource,
  withKeyForm,
} from '../graph-operation.ts';
import { presentUser, userType } from '../people/present-user.ts';
import { answerCollection } from '../query/answer-collection.ts';
import { readBody, readGuid } from '../read-body.ts';
import { presentServicePrincipal } from '../service-principals/present-service-principal.ts';
import { findAddressedApplication } from './find-addressed-application.ts';

/** The object that an `@odata.id` names, whatever host it was written with. */
const reference = /\/(?:directoryObjects|users|servicePrincipals)\/(?<id>[0-9a-f-]{36})$/i;
const directoryObjectType = { name: 'directoryObject', properties: userType.properties };

/** `/applications/{id}/owners`. */
export const ownerOperations: GraphOperation[] = [
  ...withKeyForm('applications', '/owners', {
    method: 'GET',
    permissions: [permissionRules.readApplications],
    handle: listOwners,
  }),
  // A parameter instead of the literal `$ref`: some clients write it percent-encoded.
  ...withKeyForm('applications', '/owners/:ref', {
    method: 'POST',
    permissions: [permissionRules.writeApplications],
    handle: addOwnerByReference,
  }),
  ...withKeyForm('applications', '/owners/:owner/:ref', {
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
    resources: listOwnerIds(call.context.directory, application.id)
      .map((id) => presentDirectoryObject(call, id))
      .filter((owner) => owner !== undefined),
  });
}

/** The body names the owner: `{"@odata.id": "…/directoryObjects/{id}"}`. */
export function addOwnerByReference(call: GraphCall): GraphAnswer {
  const { directory } = call.context;
  requireReference(call);
  const application = findAddressedApplication(call);
  requireApplicationManager(call.caller, directory, application);
  const link = isLinked(call.body) ? call.body['@odata.id'] : undefined;
  readBody(call.body, []);
  const id = typeof link === 'string' ? link.match(reference)?.groups?.id?.toLowerCase() : undefined;
  if (id === undefined) throw invalidValue('@odata.id', 'Expected the address of a directory object.');
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
  requireReference(call);
  const application = findAddressedApplication(call);
  requireApplicationManager(call.caller, directory, application);
  const owner = readGuid(call.params.owner, 'id');
  if (!removeOwner(directory, application.id, owner)) throw resourceNotFound(owner);
  return { status: 204 };
}

function requireReference({ params }: GraphCall): void {
  if (params.ref !== '$ref') throw badRequest(`Resource not found for the segment '${params.ref}'.`);
}

function presentDirectoryObject({ context, caller }: GraphCall, id: string): GraphResource | undefined {
  const user = findUser(context.directory, id);
  if (user?.tenantId === caller.tenant.id) {
    return { '@odata.type': '#microsoft.graph.user', ...presentUser(user) };
  }
  const principal = findServicePrincipal(context.directory, caller.tenant.id, id);
  return (
    principal && {
      '@odata.type': '#microsoft.graph.servicePrincipal',
      ...presentServicePrincipal(context.directory, principal),
    }
  );
}

function isLinked(body: unknown): body is { '@odata.id'?: unknown } {
  return typeof body === 'object' && body !== null;
}
