import { updateApplication } from '../../directory/applications.ts';
import { findServicePrincipal } from '../../directory/service-principals.ts';
import { permissionRules, requirePermissions } from '../access/permission-rules.ts';
import { objectIdOf, requireApplicationManager } from '../access/person-rules.ts';
import { type KeyHolder, keyOperations } from '../credentials/key-operations.ts';
import type { GraphCall } from '../operation/graph-operation.ts';
import { findAddressedApplication } from './find-addressed-application.ts';

/** `addKey` and `removeKey` of an application. */
export const applicationKeyOperations = keyOperations('applications', findHolder);

function findHolder(call: GraphCall): KeyHolder {
  const { context, caller } = call;
  const application = findAddressedApplication(call);
  const { id, appId, displayName, document } = application;
  const itself = findServicePrincipal(context.directory, caller.tenant.id, objectIdOf(caller));
  if (itself?.appId !== appId) {
    requirePermissions(caller, [permissionRules.writeApplications]);
    requireApplicationManager(caller, context.directory, application);
  }
  return {
    id,
    keys: document.keyCredentials,
    replaceKeys: (keyCredentials) =>
      updateApplication(context.directory, { id, displayName, document: { ...document, keyCredentials } }),
  };
}
