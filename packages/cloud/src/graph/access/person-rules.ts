import { wellKnownIds } from '@latchkey/microsoft';
import { type Application, listOwnerIds } from '../../directory/applications.ts';
import { listLinkedIds } from '../../directory/group-links.ts';
import type { Group } from '../../directory/groups.ts';
import type { Directory } from '../../directory/open-directory.ts';
import { listPrincipalOwnerIds } from '../../directory/service-principal-owners.ts';
import type { ServicePrincipal } from '../../directory/service-principals.ts';
import type { DirectoryRole, User } from '../../directory/users.ts';
import { accessDenied } from '../errors/graph-error.ts';
import type { Caller } from './authenticate-caller.ts';

const applicationAdministrators: readonly DirectoryRole[] = [
  'Global Administrator',
  'Application Administrator',
  'Cloud Application Administrator',
];

const consentAdministrators: readonly DirectoryRole[] = [
  ...applicationAdministrators,
  'Privileged Role Administrator',
];

/** Application permissions for Graph itself, and directory roles, may be given by these alone. */
const privilegedAdministrators: readonly DirectoryRole[] = [
  'Global Administrator',
  'Privileged Role Administrator',
];

const globalAdministrators: readonly DirectoryRole[] = ['Global Administrator'];
const userAdministrators: readonly DirectoryRole[] = [...globalAdministrators, 'User Administrator'];

/** The caller's object id: the person, or the application's service principal. */
export function objectIdOf(caller: Caller): string {
  return caller.kind === 'person' ? caller.user.id : caller.principalId;
}

/**
 * An application is changed by administrators and by its owners; an application that calls by itself changes
 * every application with `Application.ReadWrite.All` and its own ones with `Application.ReadWrite.OwnedBy`.
 *
 * @throws GraphError 403
 */
export function requireApplicationManager(
  caller: Caller,
  directory: Directory,
  application: Pick<Application, 'id'>,
): void {
  if (!isApplicationManager(caller, directory, application)) throw accessDenied();
}

/** Whether `requireApplicationManager` lets the caller through. */
export function isApplicationManager(
  caller: Caller,
  directory: Directory,
  application: Pick<Application, 'id'>,
): boolean {
  return (
    isApplicationAdministrator(caller) || listOwnerIds(directory, application.id).includes(objectIdOf(caller))
  );
}

/**
 * Enterprise applications are changed by administrators, by their own owners, and by applications that may change all
 * of them.
 *
 * @throws GraphError 403
 */
export function requirePrincipalManager(
  caller: Caller,
  directory: Directory,
  { id }: Pick<ServicePrincipal, 'id'>,
): void {
  if (isApplicationAdministrator(caller)) return;
  if (!listPrincipalOwnerIds(directory, id).includes(objectIdOf(caller))) throw accessDenied();
}

/** Whether the caller may change every application and service principal. */
export function isApplicationAdministrator(caller: Caller): boolean {
  return caller.kind === 'person'
    ? hasRole(caller, applicationAdministrators)
    : caller.roles.has('Application.ReadWrite.All');
}

/** Consent for a whole tenant, and any grant through Graph, takes an administrator. @throws GraphError 403 */
export function requireConsentAdministrator(caller: Caller): void {
  if (caller.kind === 'person' && !hasRole(caller, consentAdministrators)) throw accessDenied();
}

/** @throws GraphError 403 when the person may not give application permissions of this resource */
export function requireAppRoleAdministrator(caller: Caller, resource: { appId: string }): void {
  const roles =
    resource.appId === wellKnownIds.microsoftGraph ? privilegedAdministrators : consentAdministrators;
  if (caller.kind === 'person' && !hasRole(caller, roles)) throw accessDenied();
}

/**
 * People are changed by administrators; people who hold a directory role by Global Administrators alone ("Who can
 * perform sensitive actions").
 *
 * @throws GraphError 403
 */
export function requireUserAdministrator(caller: Caller, user: Pick<User, 'directoryRoles'>): void {
  const roles = user.directoryRoles.length > 0 ? globalAdministrators : userAdministrators;
  if (caller.kind === 'person' && !hasRole(caller, roles)) throw accessDenied();
}

/**
 * Groups are changed by administrators and by their owners, and by applications that may change all of them.
 *
 * @throws GraphError 403
 */
export function requireGroupManager(caller: Caller, directory: Directory, { id }: Pick<Group, 'id'>): void {
  if (isGroupAdministrator(caller)) return;
  if (!listLinkedIds(directory, id, 'owner').includes(objectIdOf(caller))) throw accessDenied();
}

/** Whether the caller may change every group. */
export function isGroupAdministrator(caller: Caller): boolean {
  return caller.kind === 'application' || hasRole(caller, userAdministrators);
}

/** @throws GraphError 403 when the person may not give directory roles */
export function requireRoleAdministrator(caller: Caller): void {
  if (caller.kind === 'person' && !hasRole(caller, privilegedAdministrators)) throw accessDenied();
}

function hasRole(caller: Extract<Caller, { kind: 'person' }>, roles: readonly DirectoryRole[]): boolean {
  return caller.user.directoryRoles.some((role) => roles.includes(role));
}
