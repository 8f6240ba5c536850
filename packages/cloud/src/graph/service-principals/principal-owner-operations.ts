import {
  addPrincipalOwner,
  listPrincipalOwnerIds,
  removePrincipalOwner,
} from '../../directory/service-principal-owners.ts';
import type { ServicePrincipal } from '../../directory/service-principals.ts';
import { requirePrincipalManager } from '../access/person-rules.ts';
import { type Links, ownerKinds, requireKind } from '../links/link-operations.ts';
import type { GraphCall } from '../operation/graph-operation.ts';
import { ownerOperations } from '../owners/owner-operations.ts';
import { findAddressedPrincipal } from './find-addressed-principal.ts';

/** `/servicePrincipals/{id}/owners`. */
export const principalOwnerOperations = ownerOperations('servicePrincipals', findOwnedPrincipal);

function findOwnedPrincipal(call: GraphCall): Links {
  return ownersOfPrincipal(call, findAddressedPrincipal(call));
}

/** The owners of a service principal. */
export function ownersOfPrincipal(call: GraphCall, principal: Pick<ServicePrincipal, 'id'>): Links {
  const { directory } = call.context;
  const { id } = principal;
  return {
    relation: 'owners',
    ids: listPrincipalOwnerIds(directory, id),
    requireManager: () => requirePrincipalManager(call.caller, directory, principal),
    requireLinkable: (object) => requireKind(object, 'owners', ownerKinds),
    add: (ownerId) => addPrincipalOwner(directory, id, ownerId),
    remove: (ownerId) => removePrincipalOwner(directory, id, ownerId),
  };
}
