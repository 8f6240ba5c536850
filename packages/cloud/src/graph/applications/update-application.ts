import { type Application, updateApplication } from '../../directory/applications.ts';
import { findServicePrincipalByAppId, updateServicePrincipal } from '../../directory/service-principals.ts';
import { requireApplicationManager } from '../access/person-rules.ts';
import { invalidValue, resourceNotFound } from '../errors/graph-error.ts';
import type { GraphAnswer, GraphCall } from '../operation/graph-operation.ts';
import { readChanges } from '../operation/property-table.ts';
import { applicationProperties } from '../resources/application-properties.ts';
import { presentApplication } from '../resources/present-application.ts';
import { applyApplicationProperties } from './apply-application-properties.ts';
import { checkApplication } from './check-application.ts';
import { checkPreAuthorized } from './check-pre-authorized.ts';
import { createApplicationAs } from './create-application.ts';
import { lookUpApplication } from './find-addressed-application.ts';

/**
 * `PATCH /applications/{id}`: the home tenant's service principal follows its application at once. By
 * `(uniqueName='…')` and with `Prefer: create-if-missing` it makes the one that is not there ("Upsert application").
 */
export function updateApplicationFromBody(call: GraphCall): GraphAnswer {
  const { key, application } = lookUpApplication(call);
  if (application) return update(call, application);
  if (key.name !== 'uniqueName' || !call.preferences.includes('create-if-missing')) {
    throw resourceNotFound(key.value);
  }
  return createApplicationAs(call, { uniqueName: key.value });
}

function update(call: GraphCall, application: Application): GraphAnswer {
  const { directory } = call.context;
  const { tenant } = call.caller;
  requireApplicationManager(call.caller, directory, application);
  const { id, appId, displayName, document } = application;
  const draft = { displayName, document };
  const changes = readChanges(call.body, applicationProperties, presentApplication(directory, application));
  // Even to the empty list: it would mean to remove them all, which must not pass unnoticed.
  if (changes.passwordCredentials !== undefined) {
    throw invalidValue(
      'passwordCredentials',
      'Secrets are made by addPassword and removed by removePassword.',
    );
  }
  applyApplicationProperties(draft, changes);
  checkApplication(directory, { tenant, id, draft });
  checkPreAuthorized(changes, draft);
  directory.transaction(() => {
    updateApplication(directory, { id, ...draft });
    const principal = findServicePrincipalByAppId(directory, tenant.id, appId);
    if (!principal) return;
    updateServicePrincipal(directory, {
      ...principal,
      // It may have been given a name of its own, which stays until the application is renamed.
      ...(draft.displayName !== displayName && { displayName: draft.displayName }),
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
