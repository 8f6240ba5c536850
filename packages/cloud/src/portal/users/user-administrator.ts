import { findUser, type User } from '../../directory/users.ts';
import { accessDenied, resourceNotFound } from '../../graph/errors/graph-error.ts';
import type { PortalVisit } from '../visit/portal-visit.ts';

export const usersPath = '/users';

/** Who changes people on these pages, which do more than Graph lets anybody do. */
export function isUserAdministrator({ session }: PortalVisit): boolean {
  return session.user.directoryRoles.includes('Global Administrator');
}

/** @throws GraphError 403 */
export function requireUserAdministrator(visit: PortalVisit): void {
  if (!isUserAdministrator(visit)) throw accessDenied();
}

/** The person of the visitor's own directory that the path names. @throws GraphError 404 */
export function addressedUser({ context, session, params }: PortalVisit): User {
  const id = params.id ?? '';
  const user = findUser(context.directory, id);
  if (user?.tenantId !== session.tenant.id) throw resourceNotFound(id);
  return user;
}
