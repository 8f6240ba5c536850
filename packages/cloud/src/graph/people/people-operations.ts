import { findUser, findUserByName, listUsers } from '../../directory/users.ts';
import { permissionRules } from '../access/permission-rules.ts';
import { resourceNotFound } from '../graph-error.ts';
import type { GraphAnswer, GraphCall, GraphOperation } from '../graph-operation.ts';
import { answerCollection } from '../query/answer-collection.ts';
import { answerEntity } from '../query/answer-entity.ts';
import { presentUser, userType } from './present-user.ts';

/** `/me` and `/users`. */
export const peopleOperations: GraphOperation[] = [
  { method: 'GET', path: '/me', permissions: [permissionRules.readMe], handle: getMe },
  { method: 'GET', path: '/users', permissions: [permissionRules.readUsers], handle: listTenantUsers },
  { method: 'GET', path: '/users/:id', permissions: [permissionRules.readUsers], handle: getUser },
];

function getMe(call: GraphCall): GraphAnswer {
  // The rule lets persons through alone, so this only tells the compiler.
  if (call.caller.kind !== 'person') throw resourceNotFound('me');
  return answerEntity(call, { context: 'users', type: userType, resource: presentUser(call.caller.user) });
}

function listTenantUsers(call: GraphCall): GraphAnswer {
  return answerCollection(call, {
    context: 'users',
    type: userType,
    resources: listUsers(call.context.directory, call.caller.tenant.id).map(presentUser),
  });
}

/** By object id or sign-in name. */
function getUser(call: GraphCall): GraphAnswer {
  const { directory } = call.context;
  const key = call.params.id ?? '';
  const user = key.includes('@') ? findUserByName(directory, key) : findUser(directory, key.toLowerCase());
  if (!user || user.tenantId !== call.caller.tenant.id) throw resourceNotFound(key);
  return answerEntity(call, { context: 'users', type: userType, resource: presentUser(user) });
}
