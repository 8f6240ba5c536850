import {
  addPrincipalOwner,
  listPrincipalOwnerIds,
  removePrincipalOwner,
} from '../../directory/service-principal-owners.ts';
import { requirePrincipalManager } from '../access/person-rules.ts';
import type { GraphCall } from '../operation/graph-operation.ts';
import { type Owned, ownerOperations } from '../owners/owner-operations.ts';
import { findAddressedPrincipal } from './find-addressed-principal.ts';

/** `/servicePrincipals/{id}/owners`. */
export const principalOwnerOperations = ownerOperations('servicePrincipals', findOwnedPrincipal);

function findOwnedPrincipal(call: GraphCall): Owned {
  const { directory } = call.context;
  const principal = findAddressedPrincipal(call);
  const { id } = principal;
  return {
    ownerIds: listPrincipalOwnerIds(directory, id),
    requireManager: () => requirePrincipalManager(call.caller, directory, principal),
    add: (ownerId) => addPrincipalOwner(directory, id, ownerId),
    remove: (ownerId) => removePrincipalOwner(directory, id, ownerId),
  };
}
