import type { FastifyInstance, FastifyRequest } from 'fastify';
import { originOf } from '../service-origins.ts';
import { withoutByteOrderMark } from '../web/byte-order-mark.ts';
import { authenticateCaller, type Caller } from './access/authenticate-caller.ts';
import { requirePermissions } from './access/permission-rules.ts';
import { applicationOperations } from './applications/application-operations.ts';
import { federatedCredentialOperations } from './applications/federated-credential-operations.ts';
import { applicationKeyOperations } from './applications/key-operations.ts';
import { applicationOwnerOperations } from './applications/owner-operations.ts';
import { passwordOperations } from './applications/password-operations.ts';
import { batchOperation } from './batch/answer-batch.ts';
import { appRoleAssignmentOperations } from './consent/app-role-assignment-operations.ts';
import { consentRequestOperations } from './consent/consent-request-operations.ts';
import { permissionGrantOperations } from './consent/permission-grant-operations.ts';
import { deletedItemOperations } from './deleted-items/deleted-item-operations.ts';
import { GraphError } from './errors/graph-error.ts';
import { groupOperations } from './groups/group-operations.ts';
import { allowWebPages } from './http/allow-web-pages.ts';
import { createOperationFinder, type FoundOperation, requireOwnTenant } from './http/find-operation.ts';
import { registerUserInfo } from './http/register-user-info.ts';
import { renderAnswer } from './http/render-answer.ts';
import { replicateLate } from './http/replicate-late.ts';
import { sendGraphError } from './http/send-graph-error.ts';
import { readQueryOptions } from './operation/find-name.ts';
import {
  type GraphCall,
  type GraphContext,
  type GraphOperation,
  readPreferences,
} from './operation/graph-operation.ts';
import { withSoundBody } from './operation/require-sound-body.ts';
import { directoryObjectOperations } from './people/directory-object-operations.ts';
import { directoryRoleOperations } from './people/directory-role-operations.ts';
import { directoryRoleTemplateOperations } from './people/directory-role-template-operations.ts';
import { domainOperations } from './people/domain-operations.ts';
import { personalMembershipOperations } from './people/membership-operations.ts';
import { organizationOperations } from './people/organization-operations.ts';
import { peopleOperations } from './people/people-operations.ts';
import { photoOperations } from './people/photo-operations.ts';
import { roleManagementOperations } from './people/role-management-operations.ts';
import { principalCredentialOperations } from './service-principals/principal-credential-operations.ts';
import { principalOwnerOperations } from './service-principals/principal-owner-operations.ts';
import { servicePrincipalOperations } from './service-principals/service-principal-operations.ts';

const singleOperations: readonly GraphOperation[] = [
  ...applicationOperations,
  ...passwordOperations,
  ...applicationKeyOperations,
  ...federatedCredentialOperations,
  ...applicationOwnerOperations,
  ...deletedItemOperations,
  ...servicePrincipalOperations,
  ...principalCredentialOperations,
  ...principalOwnerOperations,
  ...permissionGrantOperations,
  ...consentRequestOperations,
  ...appRoleAssignmentOperations,
  ...peopleOperations,
  ...personalMembershipOperations,
  ...groupOperations,
  ...photoOperations,
  ...domainOperations,
  ...roleManagementOperations,
  ...directoryRoleOperations,
  ...directoryRoleTemplateOperations,
  ...directoryObjectOperations,
  ...organizationOperations,
].map(withSoundBody);

const operations = [...singleOperations, batchOperation(singleOperations)];
const findOperation = createOperationFinder(operations);

/** `beta` answers what v1.0 has. */
const versions = ['/v1.0', '/beta'];
const methods = ['GET', 'POST', 'PATCH', 'DELETE'];
const diagnostic = JSON.stringify({
  ServerInfo: { DataCenter: 'Local', Slice: 'E', Ring: '1', ScaleUnit: '000', RoleInstance: 'LATCHKEY' },
});

/**
 * The part of Microsoft Graph that registers applications, grants consent and tells who is who.
 *
 * Source: Microsoft Graph REST API reference v1.0, `application`, `servicePrincipal`, `oAuth2PermissionGrant`,
 * `appRoleAssignment`, `user`, `organization`; "Microsoft Graph error responses".
 */
export function registerGraph(app: FastifyInstance, context: GraphContext): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => {
    try {
      const text = withoutByteOrderMark(String(body));
      done(null, text === '' ? undefined : JSON.parse(text));
    } catch (error) {
      done(error instanceof SyntaxError ? unreadableBody() : asError(error));
    }
  });
  app.addHook('onRequest', async (request, reply) => {
    const requestId = context.random.guid();
    reply.headers({
      'request-id': requestId,
      'client-request-id': headerOf(request, 'client-request-id') ?? requestId,
      'x-ms-ags-diagnostic': diagnostic,
      date: new Date(context.clock.now()).toUTCString(),
    });
  });
  allowWebPages(app);
  app.setErrorHandler((error, request, reply) => sendGraphError(context, error, request, reply));
  // Before the body is read: what nobody serves need not be JSON, photos for instance.
  app.addHook('onRequest', async (request) => {
    if (request.is404) throw refuseUnserved(request);
  });
  registerUserInfo(app, context);
  for (const version of versions) registerOperations(app, context, version);
}

/**
 * All operations are one route: calls by themselves are found as those within a batch, with what Graph overlooks in a
 * path (case, slashes at its end, a tenant before the resource).
 */
function registerOperations(app: FastifyInstance, context: GraphContext, version: string): void {
  const calls = new WeakMap<FastifyRequest, FoundOperation & { caller: Caller }>();
  app.route({
    method: methods,
    exposeHeadRoute: false,
    url: `${version}/*`,
    // Before the body is read: who may not call learns nothing about what it would do.
    onRequest: async (request) => {
      const found = findOperation(request.method, pathOf(request).slice(version.length));
      const caller = authenticateCaller(context, request.headers.authorization);
      requireOwnTenant(context, caller, found.tenant);
      requirePermissions(caller, found.operation.permissions);
      calls.set(request, { ...found, caller });
    },
    handler: async (request, reply) => {
      const found = calls.get(request);
      if (!found) throw new Error('The call reached its operation without authentication.');
      const { operation, params, caller } = found;
      const [, query = ''] = request.url.split(/\?(.*)/s, 2);
      const call: GraphCall = {
        context,
        caller,
        serviceRoot: originOf(context.addresses.graph, request) + version,
        path: pathOf(request),
        params,
        query: readQueryOptions(query),
        body: request.body ?? undefined,
        eventual: headerOf(request, 'consistencylevel')?.toLowerCase() === 'eventual',
        preferences: readPreferences(headerOf(request, 'prefer')),
      };
      const accept = headerOf(request, 'accept');
      const { status, headers, body } = renderAnswer(call, replicateLate(operation, call), accept);
      return reply
        .code(status)
        .headers(headers)
        .send(typeof body === 'object' ? JSON.stringify(body) : body);
    },
  });
}

/** Says what is wrong with a call that no route took: its version, its method, or its path. */
function refuseUnserved(request: FastifyRequest): GraphError {
  const path = pathOf(request);
  const [, first = '', rest = ''] = path.split(/^\/([^/]*)/);
  if (!versions.includes(`/${first}`)) return new GraphError(400, 'BadRequest', `Invalid version: ${first}`);
  try {
    findOperation(request.method, rest);
  } catch (error) {
    if (error instanceof GraphError) return error;
    throw error;
  }
  return new GraphError(400, 'BadRequest', 'The request is not served here.');
}

/** Without the query, and without slashes at its end, which name nothing. */
function pathOf({ url }: FastifyRequest): string {
  return (url.split('?', 1)[0] ?? '').replace(/\/+$/, '');
}

function headerOf(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' ? value : undefined;
}

function unreadableBody(): GraphError {
  return new GraphError(
    400,
    'BadRequest',
    'Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format.',
  );
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error('The body could not be read.', { cause: error });
}
