import { isGuid } from '@latchkey/microsoft';
import { findApplicationByAppId } from '../../directory/applications.ts';
import { addPrincipalOwner } from '../../directory/service-principal-owners.ts';
import {
  createServicePrincipal,
  findServicePrincipalByAppId,
  type ServicePrincipal,
} from '../../directory/service-principals.ts';
import { objectIdOf, requireApplicationManager } from '../access/person-rules.ts';
import { badRequest, GraphError } from '../errors/graph-error.ts';
import { bindLinks, splitBinds } from '../links/bind-links.ts';
import type { GraphAnswer, GraphCall, GraphResource } from '../operation/graph-operation.ts';
import { readProperties, requireProperties } from '../operation/property-table.ts';
import { answerCreated } from '../query/answer-entity.ts';
import { presentServicePrincipal, servicePrincipalType } from '../resources/present-service-principal.ts';
import { servicePrincipalProperties } from '../resources/service-principal-properties.ts';
import { ownersOfPrincipal } from './principal-owner-operations.ts';
import { mergeOwnPart } from './read-service-principal.ts';

/** `POST /servicePrincipals`: lets an application into the caller's tenant, once. */
export function createServicePrincipalFromBody(call: GraphCall): GraphAnswer {
  const { rest } = splitBinds(call.body, ['owners']);
  const given = readProperties(rest, servicePrincipalProperties, 'create');
  requireProperties(given, ['appId'], 'ServicePrincipal');
  return createServicePrincipalOf(call, String(given.appId), given);
}

/**
 * Lets an application into the caller's tenant.
 *
 * @param given the properties of the body, read by their table
 * @throws GraphError 400 `NoBackingApplicationObject`, 403, 409 when the tenant has it
 */
export function createServicePrincipalOf(call: GraphCall, appId: string, given: GraphResource): GraphAnswer {
  const { directory, random } = call.context;
  const { tenant } = call.caller;
  if (!isGuid(appId)) throw noBackingApplication(appId);
  if (findServicePrincipalByAppId(directory, tenant.id, appId)) {
    throw nameInUse(appId);
  }
  const application = findApplicationByAppId(directory, appId);
  const foreign = application?.tenantId !== tenant.id;
  if (!application || (foreign && application.document.signInAudience === 'AzureADMyOrg')) {
    throw noBackingApplication(appId);
  }
  requireApplicationManager(call.caller, directory, application);
  const { document } = application;
  const { bound } = splitBinds(call.body, ['owners']);
  const empty: ServicePrincipal = {
    id: random.guid(),
    tenantId: tenant.id,
    appId: application.appId,
    displayName: application.displayName,
    accountEnabled: true,
    document: {
      createdAt: directory.clock.now(),
      appOwnerOrganizationId: application.tenantId,
      servicePrincipalNames: [application.appId, ...document.identifierUris],
      oauth2PermissionScopes: document.api.oauth2PermissionScopes,
      appRoles: document.appRoles,
      tags: [],
    },
  };
  const principal = mergeOwnPart(empty, given);
  directory.transaction(() => {
    createServicePrincipal(directory, principal);
    // An app that may manage what it owns alone must own what it makes; people own none of theirs.
    bindLinks(call, bound, [ownersOfPrincipal(call, principal)]);
    if (call.caller.kind === 'application') {
      addPrincipalOwner(directory, principal.id, objectIdOf(call.caller));
    }
  });
  return answerCreated(call, {
    context: 'servicePrincipals',
    type: servicePrincipalType,
    resource: presentServicePrincipal(directory, principal),
  });
}

/** A tenant has one service principal for an application. */
export function nameInUse(appId: string): GraphError {
  return new GraphError(
    409,
    'Request_MultipleObjectsWithSameKeyValue',
    `The service principal cannot be created, updated, or restored because the service principal name ${appId} is already in use.`,
    [
      {
        code: 'ConflictingObjects',
        message: 'The service principal name is already in use.',
        target: 'servicePrincipalNames',
      },
    ],
  );
}

/** What the real service says, too, while a new application has not reached the server that answers. */
export function noBackingApplication(appId: string): GraphError {
  const message = `The appId '${appId}' of the service principal does not reference a valid application object.`;
  return badRequest(message, { code: 'NoBackingApplicationObject', message, target: 'appId' });
}
