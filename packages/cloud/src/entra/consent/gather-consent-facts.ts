import { aadsts } from '@latchkey/microsoft';
import { mayConsentForOrganization, mayGrantRoles } from '../../directory/administrator-roles.ts';
import { findApplicationByAppId } from '../../directory/applications.ts';
import { preauthorizedScopes } from '../../directory/first-party/preauthorized-scopes.ts';
import { grantedScopes, hasAnyGrant } from '../../directory/permission-grants.ts';
import { preauthorizedClientsOf } from '../../directory/preauthorized-clients.ts';
import type { RequestedPermissions } from '../../directory/record-consent.ts';
import { tenantPolicy } from '../../directory/tenant-policy.ts';
import type { Tenant } from '../../directory/tenants.ts';
import type { User } from '../../directory/users.ts';
import { type Client, findClient } from '../clients/find-client.ts';
import type { EntraContext } from '../entra-context.ts';
import { EntraError } from '../errors/entra-error.ts';
import type { EndpointVersion } from '../errors/present-error.ts';
import { givenScopes, scopesGivenAhead } from '../resources/given-scopes.ts';
import { type ResolvedScope, refuseTokenForItself, resolveScope } from '../resources/resolve-scope.ts';
import type { ConsentFacts } from './decide-consent.ts';
import { listedPermissions, withSignInScopes } from './listed-permissions.ts';

/** A person whose consent a client needs, and for what. */
export interface ConsentSubject {
  clientId: string;
  tenant: Tenant;
  user: User;
  version: EndpointVersion;
  /** In the words of v2; null when a v1 request named no resource. */
  scope: string | null;
}

/**
 * Reads what was asked and what was given so far.
 *
 * @throws EntraError 650057 when the API is not listed in the registration though everything listed was asked,
 * 65002 when a client of Microsoft's own asks for more than it has, and those of finding client and API
 */
export function gatherConsentFacts(
  { directory, addresses }: Pick<EntraContext, 'directory' | 'addresses'>,
  { clientId, tenant, user, version, scope }: ConsentSubject,
): { facts: ConsentFacts; requested: RequestedPermissions[] } {
  const client = findClient(directory, clientId, tenant);
  const resolved =
    scope === null
      ? undefined
      : resolveScope({ directory, addresses }, { application: client.application, tenant }, scope);
  const mayConsent = mayConsentForOrganization(user);
  if (resolved && isPreauthorized(client, resolved)) {
    return {
      facts: {
        preauthorized: true,
        covered: true,
        needsAdministrator: false,
        mayConsent,
        mayConsentToAll: mayConsent,
      },
      requested: [],
    };
  }
  const hasAny =
    client.principal !== undefined &&
    hasAnyGrant(directory, { clientId: client.principal.id, userId: user.id });
  const granted = (resourceId: string): ReadonlySet<string> =>
    client.principal
      ? grantedScopes(directory, { clientId: client.principal.id, resourceId, userId: user.id })
      : new Set();
  const requested = requestedPermissions(directory, client, tenant, resolved);
  const isForPeople = tenantPolicy(directory, tenant.id).userConsent === 'allowed';
  const needsAdministrator =
    !isForPeople ||
    requested.some((permissions) => {
      const given = granted(permissions.resource.id);
      return permissions.scopes.some((item) => item.type === 'Admin' && !given.has(item.value));
    });
  const common = {
    preauthorized: false,
    needsAdministrator,
    mayConsent,
    mayConsentToAll: mayGrantRoles(user, requested),
  };
  if (!resolved) return { facts: { ...common, covered: hasAny }, requested };

  const given = givenScopes(directory, client, resolved.resource, user.id);
  // `.default` and v1 show no prompt once anything was consented; sign-in scopes alone never bring one back.
  const wasGivenWhole = resolved.written.length === 0 ? hasAny : given.size > 0;
  const named = resolved.scopes.every((item) => given.has(item.value));
  if (version === 1) refuseTokenForItself(client.application, resolved);
  if (resolved.isDefault) requireListed(client, resolved, version, given.size > 0);
  const covered = resolved.isDefault || resolved.written.length === 0 ? wasGivenWhole : named;
  return { facts: { ...common, covered }, requested };
}

function requestedPermissions(
  directory: EntraContext['directory'],
  { application }: Client,
  tenant: Tenant,
  resolved: ResolvedScope | undefined,
): RequestedPermissions[] {
  const requested =
    resolved && !resolved.isDefault
      ? [{ resource: resolved.resource.principal, scopes: resolved.scopes, roles: [] }]
      : listedPermissions(directory, tenant, application);
  return withSignInScopes(directory, tenant, requested, resolved?.signIn ?? new Set()).map((permissions) =>
    withoutGivenAhead(directory, application, permissions),
  );
}

/** What an API gives the client ahead, nobody is asked for. */
function withoutGivenAhead(
  directory: EntraContext['directory'],
  { appId }: Client['application'],
  permissions: RequestedPermissions,
): RequestedPermissions {
  const api = findApplicationByAppId(directory, permissions.resource.appId);
  const ahead = api
    ? scopesGivenAhead(permissions.resource, preauthorizedClientsOf(api.document), appId)
    : [];
  return { ...permissions, scopes: permissions.scopes.filter(({ value }) => !ahead.includes(value)) };
}

function isPreauthorized({ application }: Client, { resource, scopes }: ResolvedScope): boolean {
  const preauthorized = preauthorizedScopes(application.appId, resource.appId);
  if (!preauthorized) return false;
  if (preauthorized.size === 0 || scopes.some((scope) => !preauthorized.has(scope.value))) {
    throw new EntraError(aadsts.preauthorizationRequired, {
      appId: application.appId,
      resource: resource.appId,
    });
  }
  return true;
}

// v1 always looks at the registration; v2 is content with a grant that an administrator made by Graph.
function requireListed(
  { application }: Client,
  { resource }: ResolvedScope,
  version: EndpointVersion,
  hasGrant: boolean,
): void {
  const isListed = application.document.requiredResourceAccess.some(
    (access) => access.resourceAppId.toLowerCase() === resource.appId,
  );
  if (isListed || (version !== 1 && hasGrant)) return;
  const { principal, preauthorizedClients } = resource;
  if (scopesGivenAhead(principal, preauthorizedClients, application.appId).length > 0) return;
  throw new EntraError(aadsts.resourceNotListed, {
    appId: application.appId,
    name: application.displayName,
    resource: resource.audience,
  });
}
