import { decideConsentRequests } from '../../directory/consent-requests.ts';
import {
  createPermissionGrant,
  deletePermissionGrant,
  findEqualGrant,
  findPermissionGrant,
  listGrantsOfClient,
  listGrantsOfPerson,
  listPermissionGrants,
  type PermissionGrant,
  updatePermissionGrant,
} from '../../directory/permission-grants.ts';
import { findServicePrincipal } from '../../directory/service-principals.ts';
import { findUser } from '../../directory/users.ts';
import { permissionRules } from '../access/permission-rules.ts';
import { requireConsentAdministrator } from '../access/person-rules.ts';
import { badRequest, invalidValue, resourceNotFound } from '../errors/graph-error.ts';
import {
  belowKeys,
  type GraphAnswer,
  type GraphCall,
  type GraphOperation,
} from '../operation/graph-operation.ts';
import { readBody, readGuid, readOneOf } from '../operation/read-body.ts';
import { readPlainKey } from '../operation/read-key.ts';
import { withoutUnchanged } from '../operation/without-unchanged.ts';
import { answerCollection } from '../query/answer-collection.ts';
import { answerCreated, answerEntity } from '../query/answer-entity.ts';
import { loadWhole, narrowTo, type ObjectSet } from '../query/object-set.ts';
import { grantType, presentGrant } from '../resources/present-permission-grant.ts';
import { findAddressedPrincipal } from '../service-principals/find-addressed-principal.ts';

const read = [permissionRules.readGrants];
const write = [permissionRules.writeGrants];
const context = 'oauth2PermissionGrants';
/** More than any resource offers; it keeps a row a row. */
const maximumScopeLength = 20_000;

/** `/oauth2PermissionGrants`: delegated permissions, for everybody in the tenant or for one person. */
export const permissionGrantOperations: GraphOperation[] = [
  { method: 'POST', path: '/oauth2PermissionGrants', permissions: write, handle: createGrant },
  { method: 'GET', path: '/oauth2PermissionGrants', permissions: read, handle: listGrants },
  ...belowKeys('oauth2PermissionGrants', read)('', { method: 'GET', handle: getGrant }),
  ...belowKeys('oauth2PermissionGrants', write)('', { method: 'PATCH', handle: updateGrant }),
  ...belowKeys('oauth2PermissionGrants', write)('', { method: 'DELETE', handle: deleteGrant }),
  ...belowKeys('servicePrincipals', read)('/oauth2PermissionGrants', {
    method: 'GET',
    handle: listGrantsOfPrincipal,
  }),
];

/** `clientId` and `resourceId` are object ids of service principals, not application ids. */
function createGrant(call: GraphCall): GraphAnswer {
  const { directory } = call.context;
  const tenantId = call.caller.tenant.id;
  requireConsentAdministrator(call.caller);
  const body = readBody(call.body, ['clientId', 'consentType', 'principalId', 'resourceId', 'scope']);
  const consentType = readOneOf(body.consentType, 'consentType', ['AllPrincipals', 'Principal'] as const);
  const grant = {
    tenantId,
    clientId: readGuid(body.clientId, 'clientId'),
    resourceId: readGuid(body.resourceId, 'resourceId'),
    consentType,
    principalId: readPrincipalId(body.principalId ?? null, consentType),
    scope: readScope(body.scope),
  };
  for (const id of [grant.clientId, grant.resourceId]) {
    if (!findServicePrincipal(directory, tenantId, id)) throw resourceNotFound(id);
  }
  if (grant.principalId !== null && findUser(directory, grant.principalId)?.tenantId !== tenantId) {
    throw resourceNotFound(grant.principalId);
  }
  if (findEqualGrant(directory, grant)) throw badRequest('Permission entry already exists.');
  const created = createPermissionGrant(directory, grant);
  approveRequests(call, created);
  return answerCreated(call, {
    context,
    type: grantType,
    resource: presentGrant(created),
  });
}

function listGrants(call: GraphCall): GraphAnswer {
  return answerCollection(call, {
    context,
    type: grantType,
    objects: tenantGrants(call),
  });
}

function tenantGrants({ context: { directory }, caller }: GraphCall): ObjectSet<PermissionGrant> {
  const tenantId = caller.tenant.id;
  return {
    ...loadWhole(() => listPermissionGrants(directory, tenantId), presentGrant),
    lookUps: {
      clientId: (clientId) => listGrantsOfClient(directory, tenantId, clientId.toLowerCase()),
      principalId: (principalId) => listGrantsOfPerson(directory, tenantId, principalId.toLowerCase()),
    },
  };
}

/** `/servicePrincipals/{id}/oauth2PermissionGrants`: what this client was given. */
function listGrantsOfPrincipal(call: GraphCall): GraphAnswer {
  const { id } = findAddressedPrincipal(call);
  const grants = listGrantsOfClient(call.context.directory, call.caller.tenant.id, id);
  return answerCollection(call, { context, type: grantType, objects: narrowTo(grants, presentGrant) });
}

function getGrant(call: GraphCall): GraphAnswer {
  return answerEntity(call, { context, type: grantType, resource: presentGrant(findAddressedGrant(call)) });
}

/** The body's list of scopes is the whole new one. */
function updateGrant(call: GraphCall): GraphAnswer {
  requireConsentAdministrator(call.caller);
  const grant = findAddressedGrant(call);
  const { scope } = readBody(withoutUnchanged(call.body, presentGrant(grant), ['scope']), ['scope']);
  updatePermissionGrant(call.context.directory, grant.id, readScope(scope));
  approveRequests(call, grant);
  return { status: 204 };
}

/** A consent for everybody answers those who asked for it on "Approval required". */
function approveRequests(
  { context: { directory }, caller }: GraphCall,
  { tenantId, clientId, consentType }: PermissionGrant,
): void {
  const client = findServicePrincipal(directory, tenantId, clientId);
  if (!client || consentType !== 'AllPrincipals') return;
  const decidedBy = caller.kind === 'person' ? caller.user.id : null;
  decideConsentRequests(directory, { tenantId, appId: client.appId }, 'Approve', decidedBy);
}

/** Access tokens that were issued live on until they end; no new ones come with these permissions. */
function deleteGrant(call: GraphCall): GraphAnswer {
  requireConsentAdministrator(call.caller);
  deletePermissionGrant(call.context.directory, findAddressedGrant(call).id);
  return { status: 204 };
}

function findAddressedGrant({ context: { directory }, caller, params }: GraphCall): PermissionGrant {
  const id = readPlainKey(params);
  const grant = findPermissionGrant(directory, caller.tenant.id, id);
  if (!grant) throw resourceNotFound(id);
  return grant;
}

function readPrincipalId(value: unknown, consentType: PermissionGrant['consentType']): string | null {
  if (consentType === 'Principal') return readGuid(value, 'principalId');
  if (value !== null)
    throw invalidValue('principalId', "It must be null when consentType is 'AllPrincipals'.");
  return null;
}

function readScope(value: unknown): string {
  if (typeof value !== 'string') throw invalidValue('scope', 'Expected a space-separated list of scopes.');
  if (value.length > maximumScopeLength) {
    throw invalidValue('scope', `It has more than ${maximumScopeLength} characters.`);
  }
  return value;
}
