import { guidPattern } from '@latchkey/microsoft';
import { resourceNotFound } from '../errors/graph-error.ts';
import { readProperty } from '../operation/find-name.ts';
import type { GraphAnswer, GraphCall, GraphOperation } from '../operation/graph-operation.ts';
import { noBackingApplication } from '../service-principals/create-service-principal.ts';

/** Sets whose new objects real clients see late. */
const delayedSet = /^\/(?<set>applications|servicePrincipals)(?::key)?$/;
/** Properties by which a body names objects: who gets a grant or an assignment, on what. */
const references = ['clientId', 'resourceId', 'principalId'];
const guid = new RegExp(guidPattern, 'i');

/**
 * Answers a call as servers do that a new object has not reached yet, when such a delay is set: 400
 * `NoBackingApplicationObject` for a service principal of a new application, 404 for what is named by its id in the
 * path or in a grant (Microsoft Graph, "Best practices for working with Microsoft Graph", eventual consistency).
 *
 * @throws GraphError 400, 404
 */
export function replicateLate(operation: GraphOperation, call: GraphCall): GraphAnswer {
  const { replication } = call.context;
  const named = references.flatMap((name) => textOf(call.body, name) ?? []);
  for (const value of [...Object.values(call.params), ...named]) {
    const [id] = guid.exec(value) ?? [];
    if (id !== undefined && replication.isUnderWay(id.toLowerCase())) throw resourceNotFound(id);
  }
  const { set } = delayedSet.exec(operation.path)?.groups ?? {};
  const appId = operation.method === 'POST' && set !== undefined ? textOf(call.body, 'appId') : undefined;
  if (appId !== undefined && replication.isUnderWay(appId.toLowerCase())) throw noBackingApplication(appId);
  const answer = operation.handle(call);
  if (set !== undefined && answer.status === 201) {
    replication.note(textOf(answer.body, 'id') ?? '');
    if (set === 'applications') replication.note(textOf(answer.body, 'appId') ?? '');
  }
  // Entra ID knows a new secret as late as Graph a new object.
  if (operation.path.endsWith('/addPassword') && 'body' in answer) {
    replication.note(textOf(answer.body, 'keyId') ?? '');
  }
  return answer;
}

function textOf(body: unknown, name: string): string | undefined {
  const value = readProperty(body, name);
  return typeof value === 'string' ? value : undefined;
}
