import { addPrincipalSecret, removePrincipalSecret } from '../../directory/principal-secrets.ts';
import { updateServicePrincipal } from '../../directory/service-principals.ts';
import { permissionRules, requirePermissions } from '../access/permission-rules.ts';
import { objectIdOf, requirePrincipalManager } from '../access/person-rules.ts';
import { type KeyHolder, keyOperations } from '../credentials/key-operations.ts';
import { type SecretHolder, secretOperations } from '../credentials/secret-operations.ts';
import type { GraphCall } from '../operation/graph-operation.ts';
import { findAddressedPrincipal } from './find-addressed-principal.ts';

/** Secrets and certificates of a service principal's own, good in its tenant alone. */
export const principalCredentialOperations = [
  ...secretOperations('servicePrincipals', findSecretHolder),
  ...keyOperations('servicePrincipals', findKeyHolder),
];

function findSecretHolder(call: GraphCall): SecretHolder {
  const { directory } = call.context;
  const principal = findAddressedPrincipal(call);
  requirePrincipalManager(call.caller, directory, principal);
  return {
    tenantId: principal.tenantId,
    maximumSecrets: null,
    list: () => principal.document.secrets ?? [],
    add: (wish) => addPrincipalSecret(directory, principal, wish),
    remove: (keyId) => removePrincipalSecret(directory, principal, keyId),
  };
}

function findKeyHolder(call: GraphCall): KeyHolder {
  const { directory } = call.context;
  const principal = findAddressedPrincipal(call);
  if (objectIdOf(call.caller) !== principal.id) {
    requirePermissions(call.caller, [permissionRules.writeApplications]);
    requirePrincipalManager(call.caller, directory, principal);
  }
  return {
    id: principal.id,
    keys: principal.document.keyCredentials ?? [],
    replaceKeys: (keyCredentials) =>
      updateServicePrincipal(directory, {
        ...principal,
        document: { ...principal.document, keyCredentials },
      }),
  };
}
