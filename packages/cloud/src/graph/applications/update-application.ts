import { updateApplication } from '../../directory/applications.ts';
import { findServicePrincipalByAppId, updateServicePrincipal } from '../../directory/service-principals.ts';
import { requireApplicationManager } from '../access/person-rules.ts';
import { invalidValue } from '../errors/graph-error.ts';
import { readProperty } from '../operation/find-name.ts';
import type { GraphAnswer, GraphCall, GraphResource } from '../operation/graph-operation.ts';
import { isUnchanged, withoutUnchanged } from '../operation/without-unchanged.ts';
import { presentApplication } from '../resources/present-application.ts';
import { applyApplicationProperties, updatableProperties } from './apply-application-properties.ts';
import { checkApplication } from './check-application.ts';
import { findAddressedApplication } from './find-addressed-application.ts';

/** `PATCH /applications/{id}`: the home tenant's service principal follows its application at once. */
export function updateApplicationFromBody(call: GraphCall): GraphAnswer {
  const { directory } = call.context;
  const { tenant } = call.caller;
  const application = findAddressedApplication(call);
  requireApplicationManager(call.caller, directory, application);
  const { id, appId, displayName, document } = application;
  const draft = { displayName, document: structuredClone(document) };
  const current = presentApplication(directory, application);
  refuseSecrets(call.body, current);
  applyApplicationProperties(draft, withoutUnchanged(call.body, current, updatableProperties));
  checkApplication(directory, { tenant, id, draft });
  directory.transaction(() => {
    updateApplication(directory, { id, ...draft });
    const principal = findServicePrincipalByAppId(directory, tenant.id, appId);
    if (!principal) return;
    updateServicePrincipal(directory, {
      ...principal,
      displayName: draft.displayName,
      document: {
        ...principal.document,
        servicePrincipalNames: [appId, ...draft.document.identifierUris],
        oauth2PermissionScopes: draft.document.api.oauth2PermissionScopes,
        appRoles: draft.document.appRoles,
      },
    });
  });
  return { status: 204 };
}

/** Even an empty list, where there are some: it would mean to remove them all, which must not pass unnoticed. */
function refuseSecrets(body: unknown, { passwordCredentials }: GraphResource): void {
  const given = readProperty(body, 'passwordCredentials');
  if (given === undefined || isUnchanged(given, passwordCredentials)) return;
  throw invalidValue('passwordCredentials', 'Secrets are made by addPassword and removed by removePassword.');
}
