import { listAppRoleAssignments } from '../../directory/app-role-assignments.ts';
import type { Application } from '../../directory/applications.ts';
import { offeredRoles, offeredScopes } from '../../directory/offered-permissions.ts';
import { listGrantsOfClient } from '../../directory/permission-grants.ts';
import {
  findServicePrincipal,
  findServicePrincipalByAppId,
  type ServicePrincipal,
} from '../../directory/service-principals.ts';
import type { PortalVisit } from '../visit/portal-visit.ts';

/** One permission of an application, as the lists show it. */
export interface ListedPermission {
  /** Empty where the API offers no such permission any more. */
  id: string;
  resourceAppId: string;
  resourceName: string;
  /** Its name in a token, or its id where the API offers no such permission. */
  value: string;
  type: 'Delegated' | 'Application';
  description: string;
  needsAdministrator: boolean;
  /** An administrator gave it for everybody in the directory. */
  isGranted: boolean;
  /** How many people gave it for themselves. */
  people: number;
}

/** What an application asks for, with what was granted in the person's directory. */
export function listAskedPermissions(visit: PortalVisit, application: Application): ListedPermission[] {
  const granted = grantsOf(visit, application);
  return application.document.requiredResourceAccess.flatMap(({ resourceAppId, resourceAccess }) => {
    const resource = principalOf(visit, resourceAppId);
    return resourceAccess.map(({ id, type }): ListedPermission => {
      const given = granted.filter((grant) => grant.resource.appId === resourceAppId);
      if (type === 'Scope') {
        const scope = resource && offeredScopes(resource).find((offered) => offered.id === id);
        const described = describeScope(resource, resourceAppId, scope?.value ?? id);
        return { ...described, id, ...counts(given, described) };
      }
      const described = describeRole(resource, resourceAppId, id);
      return { ...described, id, ...counts(given, described) };
    });
  });
}

/** What was granted for everybody though the application does not ask for it: asked for once, or given by Graph. */
export function listOtherGrants(visit: PortalVisit, application: Application): ListedPermission[] {
  const asked = new Set(listAskedPermissions(visit, application).map(keyOf));
  const given = grantsOf(visit, application).filter(({ forEverybody }) => forEverybody);
  const described = given.map(({ resource, type, name }) =>
    type === 'Delegated'
      ? describeScope(resource, resource.appId, name)
      : describeRole(resource, resource.appId, name),
  );
  return described
    .filter((permission) => !asked.has(keyOf(permission)))
    .map((permission) => ({ ...permission, isGranted: true, people: 0 }));
}

type Described = Omit<ListedPermission, 'isGranted' | 'people'>;

/** One scope or one role that was given, for everybody or for one person. */
interface GivenPermission {
  resource: ServicePrincipal;
  type: ListedPermission['type'];
  /** The value of a scope, the id of a role. */
  name: string;
  forEverybody: boolean;
}

function grantsOf(visit: PortalVisit, { appId }: Application): GivenPermission[] {
  const { directory } = visit.context;
  const { tenant } = visit.session;
  const client = principalOf(visit, appId);
  if (!client) return [];
  const scopes = listGrantsOfClient(directory, tenant.id, client.id).flatMap((grant) => {
    const resource = findServicePrincipal(directory, tenant.id, grant.resourceId);
    const forEverybody = grant.consentType === 'AllPrincipals';
    const names = resource ? grant.scope.split(' ').filter(Boolean) : [];
    return names.flatMap((name): GivenPermission[] =>
      resource ? [{ resource, type: 'Delegated', name, forEverybody }] : [],
    );
  });
  const roles = listAppRoleAssignments(directory, client.id).flatMap((assignment): GivenPermission[] => {
    const resource = findServicePrincipal(directory, tenant.id, assignment.resourceId);
    return resource
      ? [{ resource, type: 'Application', name: assignment.appRoleId, forEverybody: true }]
      : [];
  });
  return [...scopes, ...roles];
}

function counts(given: readonly GivenPermission[], { type, value, id }: Described) {
  const same = given.filter(
    (grant) => grant.type === type && grant.name === (type === 'Delegated' ? value : id),
  );
  return {
    isGranted: same.some(({ forEverybody }) => forEverybody),
    people: same.filter(({ forEverybody }) => !forEverybody).length,
  };
}

function describeScope(
  resource: ServicePrincipal | undefined,
  resourceAppId: string,
  value: string,
): Described {
  const scope = resource && offeredScopes(resource).find((offered) => offered.value === value);
  return {
    id: scope?.id ?? '',
    resourceAppId,
    resourceName: resource?.displayName ?? resourceAppId,
    value,
    type: 'Delegated',
    description: scope?.adminConsentDisplayName ?? 'Unknown permission',
    needsAdministrator: scope?.type === 'Admin',
  };
}

function describeRole(resource: ServicePrincipal | undefined, resourceAppId: string, id: string): Described {
  const role = resource && offeredRoles(resource).find((offered) => offered.id === id);
  return {
    id,
    resourceAppId,
    resourceName: resource?.displayName ?? resourceAppId,
    value: role?.value ?? id,
    type: 'Application',
    description: role?.displayName ?? 'Unknown permission',
    needsAdministrator: true,
  };
}

function keyOf({ resourceAppId, type, value }: Described): string {
  return `${resourceAppId} ${type} ${value}`;
}

function principalOf({ context, session }: PortalVisit, appId: string): ServicePrincipal | undefined {
  return findServicePrincipalByAppId(context.directory, session.tenant.id, appId);
}
