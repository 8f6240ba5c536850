import { wellKnownIds } from '@latchkey/microsoft';
import { z } from 'zod';
import type { ScriptedAnswer, ScriptedCall } from './scripted-call.ts';

interface ScriptedFederatedCredential extends Record<string, unknown> {
  id: string;
  name: string;
  issuer: string;
  subject: string;
  audiences: string[];
}

interface Application extends Record<string, unknown> {
  id: string;
  appId: string;
  passwordCredentials: {
    keyId: string;
    displayName: string;
    secretText: string;
    endDateTime: string;
    hint?: string;
    /** From when on the token endpoint knows it, in epoch milliseconds. */
    knownAt?: number;
  }[];
  /** Who it trusts besides. */
  federated?: ScriptedFederatedCredential[];
  /** Application permissions that its own tokens carry. */
  roles?: string[];
}

/** What the tenant holds. */
export interface Directory {
  tenantId: string;
  applications: Application[];
  servicePrincipals: ({ id: string; appId: string } & Record<string, unknown>)[];
  grants: ({ id: string; clientId: string } & Record<string, unknown>)[];
  now: () => number;
  /** How long the token endpoint does not know a new secret. */
  replicationMilliseconds: number;
  /** Application permissions that were given, and who owns applications. */
  assignments: Record<string, unknown>[];
  owners: string[];
  /** Counts up, so that ids are the same in each run. */
  made: number;
}

/** Microsoft Graph's own id of it. */
export const ownedByRoleId = '18a4783c-866b-4cc7-a460-3d5e5662c884';
export const dynamicsServicePrincipalId = '00000000-0000-4000-8000-00000000d365';

export function newDirectory(now: () => number): Directory {
  return {
    now,
    replicationMilliseconds: 0,
    tenantId: 'aaaabbbb-0000-4000-8000-000000000001',
    applications: [],
    servicePrincipals: [
      {
        id: dynamicsServicePrincipalId,
        appId: wellKnownIds.dynamicsCrm,
        appRoles: [],
        oauth2PermissionScopes: [{ id: '78ce3f0f-a1ce-49c2-8cde-64b5c0896db4', value: 'user_impersonation' }],
      },
      {
        id: '00000000-0000-4000-8000-0000000006a9',
        appId: wellKnownIds.microsoftGraph,
        appRoles: [{ id: ownedByRoleId, value: 'Application.ReadWrite.OwnedBy' }],
      },
    ],
    grants: [],
    assignments: [],
    owners: [],
    made: 0,
  };
}

export function graphError(
  status: number,
  code: string,
  message: string,
  details: { code: string }[] = [],
): ScriptedAnswer {
  const innerError = { date: '2026-11-22T12:00:00', 'request-id': 'r-1', 'client-request-id': 'c-1' };
  return { status, body: { error: { code, message, details, innerError } } };
}

/** Answers in the shapes that Microsoft Graph documents, from what the directory holds. */
export function answerGraph(call: ScriptedCall, directory: Directory): ScriptedAnswer {
  const [, collection = '', id, action] = call.path.split('/');
  const { method, body } = call;
  if (action === 'federatedIdentityCredentials') return answerFederated(call, directory);
  switch (`${method} ${collection}${id === undefined ? '' : '/{id}'}${action ? `/${action}` : ''}`) {
    case 'GET me':
      return { status: 200, body: { userPrincipalName: 'admin@contoso.onmicrosoft.com' } };
    case 'GET organization':
      return { status: 200, body: { value: [{ id: directory.tenantId, displayName: 'Contoso' }] } };
    case 'GET servicePrincipals':
      return list(directory.servicePrincipals, call);
    case 'GET applications':
      return list(directory.applications, call);
    case 'GET oauth2PermissionGrants':
      return list(directory.grants, call);
    case 'POST applications':
      return createApplication(directory, body);
    case 'POST servicePrincipals':
      return createServicePrincipal(directory, String(body.appId));
    case 'POST oauth2PermissionGrants': {
      directory.made += 1;
      const grant = { ...body, id: `grant-${directory.made}`, clientId: String(body.clientId) };
      directory.grants.push(grant);
      return { status: 201, body: grant };
    }
    case 'PATCH oauth2PermissionGrants/{id}':
      return change(directory.grants, id, body);
    case 'DELETE oauth2PermissionGrants/{id}':
      return remove(directory.grants, id);
    case 'GET servicePrincipals/{id}/appRoleAssignments':
      return { status: 200, body: { value: directory.assignments.filter((one) => one.principalId === id) } };
    case 'POST servicePrincipals/{id}/appRoleAssignedTo':
      directory.assignments.push(body);
      return { status: 201, body };
    case 'GET applications/{id}/owners':
      return { status: 200, body: { value: directory.owners.map((owner) => ({ id: owner })) } };
    case 'POST applications/{id}/owners':
      directory.owners.push(String(body['@odata.id']).split('/').at(-1) ?? '');
      return { status: 204 };
    case 'PATCH applications/{id}':
      return change(directory.applications, id, body);
    case 'DELETE applications/{id}':
      return remove(directory.applications, id);
    default:
      return answerApplication(directory, id, `${method} ${action ?? ''}`, body);
  }
}

function answerApplication(
  directory: Directory,
  id: string | undefined,
  call: string,
  body: Record<string, unknown>,
): ScriptedAnswer {
  const application = directory.applications.find((one) => one.id === id);
  if (!application) return notFound(id);
  if (call === 'GET ') return { status: 200, body: application };
  if (call === 'POST removePassword') {
    const isThere = application.passwordCredentials.some(({ keyId }) => keyId === body.keyId);
    if (!isThere) return graphError(400, 'Request_BadRequest', 'No password credential found with keyId.');
    application.passwordCredentials = application.passwordCredentials.filter(
      ({ keyId }) => keyId !== body.keyId,
    );
    return { status: 204 };
  }
  if (call !== 'POST addPassword') return notFound(id);
  const { passwordCredential } = z
    .object({ passwordCredential: z.object({ displayName: z.string(), endDateTime: z.string() }) })
    .parse(body);
  const keyId = nextGuid(directory);
  const knownAt = directory.now() + directory.replicationMilliseconds;
  const secret = { keyId, ...passwordCredential, secretText: `Qz~${keyId}`, hint: 'Qz~', knownAt };
  application.passwordCredentials.push(secret);
  return { status: 200, body: secret };
}

function answerFederated({ method, path, body }: ScriptedCall, directory: Directory): ScriptedAnswer {
  const [, , id, , credentialId] = path.split('/');
  const application = directory.applications.find((one) => one.id === id);
  if (!application) return notFound(id);
  application.federated ??= [];
  const { federated } = application;
  if (method === 'GET') return { status: 200, body: { value: federated } };
  if (method === 'PATCH') return change(federated, credentialId, body);
  if (method === 'DELETE') return remove(federated, credentialId);
  const { issuer, subject, name } = body;
  if (federated.some((one) => one.name === name || (one.issuer === issuer && one.subject === subject)))
    return graphError(409, 'Request_MultipleObjectsWithSameKeyValue', 'It is there already.');
  const made = {
    id: nextGuid(directory),
    name: String(name),
    issuer: String(issuer),
    subject: String(subject),
    audiences: [body.audiences].flat().map(String),
  };
  federated.push(made);
  return { status: 201, body: made };
}

function createApplication(directory: Directory, body: Record<string, unknown>): ScriptedAnswer {
  const application = {
    tags: [],
    ...body,
    id: nextGuid(directory),
    appId: nextGuid(directory),
    passwordCredentials: [],
  };
  directory.applications.push(application);
  return { status: 201, body: application };
}

function createServicePrincipal(directory: Directory, appId: string): ScriptedAnswer {
  if (directory.servicePrincipals.some((one) => one.appId === appId)) {
    const message = `The service principal cannot be created, updated, or restored because the service principal name ${appId} is already in use.`;
    return graphError(409, 'Request_MultipleObjectsWithSameKeyValue', message);
  }
  const servicePrincipal = { id: nextGuid(directory), appId };
  directory.servicePrincipals.push(servicePrincipal);
  return { status: 201, body: servicePrincipal };
}

function list(all: Record<string, unknown>[], { query }: ScriptedCall): ScriptedAnswer {
  const [, field = '', value] = /^(\w+) eq '(.*)'$/.exec(query.get('$filter') ?? '') ?? [];
  const wanted = value?.replaceAll("''", "'");
  return { status: 200, body: { value: all.filter((one) => one[field] === wanted) } };
}

function change(
  all: Record<string, unknown>[],
  id: string | undefined,
  body: Record<string, unknown>,
): ScriptedAnswer {
  const found = all.find((one) => one.id === id);
  if (!found) return notFound(id);
  Object.assign(found, body);
  return { status: 204 };
}

function remove(all: { id: string }[], id: string | undefined): ScriptedAnswer {
  const index = all.findIndex((one) => one.id === id);
  if (index < 0) return notFound(id);
  all.splice(index, 1);
  return { status: 204 };
}

function notFound(id: string | undefined): ScriptedAnswer {
  const message = `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`;
  return graphError(404, 'Request_ResourceNotFound', message);
}

function nextGuid(directory: Directory): string {
  directory.made += 1;
  return `00000000-0000-4000-8000-${String(directory.made).padStart(12, '0')}`;
}
