import { createUser, findUser } from '../../directory/users.ts';
import { requireUserAdministrator } from '../access/person-rules.ts';
import { badRequest } from '../errors/graph-error.ts';
import type { GraphAnswer, GraphCall } from '../operation/graph-operation.ts';
import { readProperties, requireProperties } from '../operation/property-table.ts';
import { answerCreated } from '../query/answer-entity.ts';
import { presentUser, userType } from '../resources/present-user.ts';
import { userProperties } from '../resources/user-properties.ts';
import { toUserChanges } from './read-user.ts';

const required = ['accountEnabled', 'displayName', 'mailNickname', 'userPrincipalName'];

/**
 * Makes a person in the caller's tenant, as `POST /users` does.
 *
 * @throws GraphError 400 when the body is not right or the sign-in name is taken, 403 when the caller administers nobody
 */
export function createUserFromBody(call: GraphCall): GraphAnswer {
  const { context, caller } = call;
  requireUserAdministrator(caller, { directoryRoles: [] });
  const given = readProperties(call.body, userProperties, 'create');
  requireProperties(given, required, 'User');
  const { profile, userPrincipalName = '', password } = toUserChanges(call, given);
  if (password.text === undefined) throw badRequest('A password must be specified to create a new user.');
  const id = context.random.guid();
  createUser(context.directory, {
    displayName: '',
    givenName: null,
    surname: null,
    jobTitle: null,
    mail: null,
    enabled: true,
    ...profile,
    id,
    tenantId: caller.tenant.id,
    userPrincipalName,
    directoryRoles: [],
    licences: [],
    password: password.text,
    conditions: password.mustChange === true ? { password: 'must_change' } : {},
  });
  const made = findUser(context.directory, id);
  if (!made) throw new Error('The person who was just made is not there.');
  return answerCreated(call, {
    context: 'users',
    type: userType,
    resource: presentUser(made),
  });
}
