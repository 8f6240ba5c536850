import { createUser, findUserByName } from '../../directory/users.ts';
import { requireUserAdministrator } from '../access/person-rules.ts';
import { badRequest, invalidValue } from '../errors/graph-error.ts';
import type { GraphAnswer, GraphCall } from '../operation/graph-operation.ts';
import { readBody, readFlag, readText } from '../operation/read-body.ts';
import { answerCreated } from '../query/answer-entity.ts';
import { presentUser, userType } from '../resources/present-user.ts';
import { readPassword, readProfile } from './update-user.ts';

const maximumNameLength = 256;
const signInName = /^(?<name>[a-z0-9](?:[a-z0-9._'-]{0,62}[a-z0-9])?)@(?<domain>[^@]+)$/;

/**
 * Makes a person in the caller's tenant, as `POST /users` does.
 *
 * @throws GraphError 400 when the body is not right or the sign-in name is taken, 403 when the caller administers nobody
 */
export function createUserFromBody(call: GraphCall): GraphAnswer {
  const { context, caller } = call;
  requireUserAdministrator(caller, { directoryRoles: [] });
  const { accountEnabled, displayName, userPrincipalName, passwordProfile, ...rest } = readBody(call.body, [
    'accountEnabled',
    'displayName',
    'userPrincipalName',
    'givenName',
    'surname',
    'jobTitle',
    'mail',
    'passwordProfile',
  ]);
  const name = readText(userPrincipalName, 'userPrincipalName', maximumNameLength).toLowerCase();
  const domain = signInName.exec(name)?.groups?.domain ?? '';
  if (!caller.tenant.domains.includes(domain)) {
    throw invalidValue('userPrincipalName', 'Expected a sign-in name in a verified domain of the tenant.');
  }
  if (findUserByName(context.directory, name)) {
    throw badRequest('Another object with the same value for property userPrincipalName already exists.');
  }
  const shownName = readText(displayName, 'displayName', maximumNameLength);
  const password = readPassword(passwordProfile);
  const user = {
    givenName: shownName,
    surname: '',
    jobTitle: null,
    mail: null,
    ...readProfile(rest),
    id: context.random.guid(),
    tenantId: caller.tenant.id,
    userPrincipalName: name,
    displayName: shownName,
    enabled: readFlag(accountEnabled, 'accountEnabled'),
    directoryRoles: [],
    licences: [],
  };
  createUser(context.directory, {
    ...user,
    password: password.text,
    conditions: password.mustChange ? { password: 'must_change' } : {},
  });
  return answerCreated(call, {
    context: 'users',
    type: userType,
    resource: presentUser({ ...user, tokensValidFrom: 0 }),
  });
}
