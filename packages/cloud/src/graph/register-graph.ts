import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type CloudContext, originOf } from '../cloud-context.ts';
import { authenticateCaller, type Caller } from './access/authenticate-caller.ts';
import { requirePermissions } from './access/permission-rules.ts';
import { applicationOperations } from './applications/application-operations.ts';
import { deletedItemOperations } from './applications/deleted-item-operations.ts';
import { ownerOperations } from './applications/owner-operations.ts';
import { passwordOperations } from './applications/password-operations.ts';
import { appRoleAssignmentOperations } from './consent/app-role-assignment-operations.ts';
import { permissionGrantOperations } from './consent/permission-grant-operations.ts';
import { GraphError } from './graph-error.ts';
import type { GraphOperation } from './graph-operation.ts';
import { directoryObjectOperations } from './people/directory-object.ts';
import { directoryRoleOperations } from './people/directory-role-operations.ts';
import { membershipOperations } from './people/membership-operations.ts';
import { organizationOperations } from './people/organization-operations.ts';
import { peopleOperations } from './people/people-operations.ts';
import { replicateLate } from './replicate-late.ts';
import { sendGraphError } from './send-graph-error.ts';
import { servicePrincipalOperations } from './service-principals/service-principal-operations.ts';

const operations: readonly GraphOperation[] = [
  ...applicationOperations,
  ...passwordOperations,
  ...ownerOperations,
  ...deletedItemOperations,
  ...servicePrincipalOperations,
  ...permissionGrantOperations,
  ...appRoleAssignmentOperations,
  ...peopleOperations,
  ...membershipOperations,
  ...directoryRoleOperations,
  ...directoryObjectOperations,
  ...organizationOperations,
];

const version = '/v1.0';
/** The second is an alias that older clients use. */
const prefixes = [version, `${version}/myorganization`];
/** `/applications/:id` and `/applications:key`, with any value in place of the parameter. */
const knownPaths = operations.map(
  ({ path }) =>
    new RegExp(`^${version}(?:/myorganization)?${path.replaceAll('.', '\\.').replaceAll(/:\w+/g, '[^/]+')}$`),
);
const jsonType =
  'application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8';
const diagnostic = JSON.stringify({
  ServerInfo: { DataCenter: 'Local', Slice: 'E', Ring: '1', ScaleUnit: '000', RoleInstance: 'LATCHKEY' },
});

/**
 * The part of Microsoft Graph v1.0 that registers applications, grants consent and tells who is who.
 *
 * Source: Microsoft Graph REST API reference v1.0, `application`, `servicePrincipal`, `oAuth2PermissionGrant`,
 * `appRoleAssignment`, `user`, `organization`; "Microsoft Graph error responses".
 */
export function registerGraph(app: FastifyInstance, context: CloudContext): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => {
    try {
      done(null, body === '' ? undefined : JSON.parse(String(body)));
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
  app.setErrorHandler((error, request, reply) => sendGraphError(context, error, request, reply));
  app.setNotFoundHandler((request, reply) => sendGraphError(context, notServed(request.url), request, reply));
  for (const prefix of prefixes) {
    for (const operation of operations) registerOperation(app, context, { prefix, operation });
  }
}

function registerOperation(
  app: FastifyInstance,
  context: CloudContext,
  { prefix, operation }: { prefix: string; operation: GraphOperation },
): void {
  const callers = new WeakMap<FastifyRequest, Caller>();
  app.route<{ Params: Record<string, string> }>({
    method: operation.method,
    exposeHeadRoute: false,
    url: prefix + operation.path,
    // Before the body is read: who may not call learns nothing about what it would do.
    onRequest: async (request) => {
      const caller = authenticateCaller(context, request.headers.authorization);
      requirePermissions(caller, operation.permissions);
      callers.set(request, caller);
    },
    handler: async (request, reply) => {
      const caller = callers.get(request);
      if (!caller) throw new Error('The call reached its operation without authentication.');
      const [path = '', query = ''] = request.url.split(/\?(.*)/s, 2);
      const answer = replicateLate(operation, {
        context,
        caller,
        serviceRoot: originOf(context.addresses.graph, request) + version,
        path,
        params: request.params,
        query: new URLSearchParams(query),
        body: request.body ?? undefined,
        eventual: headerOf(request, 'consistencylevel')?.toLowerCase() === 'eventual',
      });
      if (answer.status === 204) return reply.code(204).send();
      if ('text' in answer) return reply.type('text/plain').send(answer.text);
      return sendJson(request, reply.code(answer.status), answer.body);
    },
  });
}

/** A path that exists for other methods is told apart from one that does not exist. */
function notServed(url: string): GraphError {
  const path = url.split('?', 1)[0] ?? '';
  if (knownPaths.some((pattern) => pattern.test(path))) {
    return new GraphError(
      405,
      'Request_BadRequest',
      'Specified HTTP method is not allowed for the request target.',
    );
  }
  const segment = path.split('/').at(-1) ?? '';
  return new GraphError(400, 'BadRequest', `Resource not found for the segment '${segment}'.`);
}

function sendJson(request: FastifyRequest, reply: FastifyReply, body: object): FastifyReply {
  const bare = request.headers.accept?.includes('odata.metadata=none');
  const entries = Object.entries(body).filter(([name]) => !bare || name !== '@odata.context');
  return reply
    .headers({ 'content-type': jsonType, 'odata-version': '4.0', 'cache-control': 'no-cache' })
    .send(JSON.stringify(Object.fromEntries(entries)));
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
