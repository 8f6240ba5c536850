import { findUser, findUserByName, type User } from '../../directory/users.ts';
import { badRequest, resourceNotFound } from '../errors/graph-error.ts';
import { belowKeys, type GraphCall, type GraphOperation, type Places } from '../operation/graph-operation.ts';
import { parseKey } from '../operation/read-key.ts';
import { directorySet } from '../query/directory-set.ts';
import type { ObjectSet } from '../query/object-set.ts';
import { presentUser } from '../resources/present-user.ts';

/** What a key behind `/users` may name itself: `('…')`, `(id='…')` or `(userPrincipalName='…')`. */
const keyNames = ['', 'id', 'userprincipalname'];

/** The people of the caller's tenant. */
export function tenantUsers({ context: { directory }, caller }: GraphCall): ObjectSet<User> {
  const own = (user: User | undefined) => (user?.tenantId === caller.tenant.id ? user : undefined);
  return directorySet(directory, 'users', {
    tenantId: caller.tenant.id,
    find: (id) => own(findUser(directory, id)),
    lookUps: {
      userPrincipalName: (name) =>
        [own(findUserByName(directory, name))].filter((user) => user !== undefined),
    },
    present: presentUser,
  });
}

/**
 * The person that the path names: `/me`, or below `/users` by object id or sign-in name.
 *
 * @throws GraphError 400, 404
 */
export function findAddressedUser({ context: { directory }, caller, params }: GraphCall): User {
  const { id, key } = params;
  if (id === undefined && key === undefined && caller.kind === 'person') return caller.user;
  const parsed = key === undefined ? { name: 'id', value: id } : parseKey(key);
  const name = parsed && keyNames.includes(parsed.name) ? parsed.value : undefined;
  if (name === undefined) throw badRequest(`Resource not found for the segment '${key}'.`);
  const user = name.includes('@') ? findUserByName(directory, name) : findUser(directory, name.toLowerCase());
  if (!user || user.tenantId !== caller.tenant.id) throw resourceNotFound(name);
  return user;
}

/** Permissions for oneself, and for everybody. */
interface PersonalPermissions {
  own: GraphOperation['permissions'];
  any: GraphOperation['permissions'];
}

/** The places of a person: `/me`, `/users/{id}` and `/users('…')`. */
export function forPerson({ own, any }: PersonalPermissions): Places {
  return (suffix, operation) => [
    { ...operation, path: `/me${suffix}`, permissions: own },
    ...belowKeys('users', any)(suffix, operation),
  ];
}
