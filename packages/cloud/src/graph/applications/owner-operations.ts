import { type Application, addOwner, listOwnerIds, removeOwner } from '../../directory/applications.ts';
import { requireApplicationManager } from '../access/person-rules.ts';
import { type Links, ownerKinds, presentLinked, requireKind } from '../links/link-operations.ts';
import type { GraphCall } from '../operation/graph-operation.ts';
import { ownerOperations } from '../owners/owner-operations.ts';
import type { Relations } from '../query/expand-relations.ts';
import { findAddressedApplication } from './find-addressed-application.ts';

/** `/applications/{id}/owners`. */
export const applicationOwnerOperations = ownerOperations('applications', findOwnedApplication);

/** The application that the path names, as what its owners own. */
export function findOwnedApplication(call: GraphCall): Links {
  return ownersOf(call, findAddressedApplication(call));
}

/** The owners of an application. */
export function ownersOf(call: GraphCall, application: Pick<Application, 'id'>): Links {
  const { directory } = call.context;
  const { id } = application;
  return {
    relation: 'owners',
    ids: listOwnerIds(directory, id),
    requireManager: () => requireApplicationManager(call.caller, directory, application),
    requireLinkable: (object) => requireKind(object, 'owners', ownerKinds),
    add: (ownerId) => addOwner(directory, id, ownerId),
    remove: (ownerId) => removeOwner(directory, id, ownerId),
  };
}

/** What `$expand` may name of an application. */
export function applicationRelations(call: GraphCall): Relations {
  return { owners: (id) => presentLinked(call, listOwnerIds(call.context.directory, id)) };
}
