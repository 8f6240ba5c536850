import { aadsts, wellKnownIds } from '@latchkey/microsoft';
import type { CloudContext } from '../../cloud-context.ts';
import type { PermissionScope } from '../../directory/application-document.ts';
import type { Application } from '../../directory/applications.ts';
import { findOfferedScope } from '../../directory/offered-permissions.ts';
import { isPersonalTenant } from '../../directory/personal-accounts.ts';
import type { Tenant } from '../../directory/tenants.ts';
import { findEnvironmentByOrigin } from '../../environment-origins.ts';
import { EntraError } from '../errors/entra-error.ts';
import { findResource, type Resource } from './find-resource.ts';
import { defaultScope, parseScope, type SignInScope, type WrittenScope } from './parse-scope.ts';

/** What a request asks for, found in the tenant: one API, and scopes of it. */
export interface ResolvedScope {
  resource: Resource;
  signIn: ReadonlySet<SignInScope>;
  /** `.default`: everything that the app's registration lists; then `scopes` is empty. */
  isDefault: boolean;
  scopes: readonly PermissionScope[];
  /** The scopes as written, which the answer gives back. */
  written: readonly WrittenScope[];
}

/** Who asks, and where. */
interface Asker {
  application: Pick<Application, 'displayName'>;
  tenant: Tenant;
}

/**
 * Finds what a `scope` parameter names. Sign-in scopes alone mean Microsoft Graph.
 *
 * @throws EntraError 650053 a scope that the API does not have, 70011 `.default` beside others, and those of
 * findRequestedResource
 */
export function resolveScope(
  context: Pick<CloudContext, 'directory' | 'addresses'>,
  asker: Asker,
  scope: string,
): ResolvedScope {
  const { signIn, scopes: written } = parseScope(scope);
  const resource = findRequestedResource(context, asker.tenant, scope);
  const isDefault = written.some((item) => item.value.toLowerCase() === defaultScope);
  if (isDefault && written.length > 1) throw new EntraError(aadsts.invalidScope, { scope });
  return {
    resource,
    signIn,
    isDefault,
    scopes: isDefault ? [] : written.map((item) => scopeOf(resource, asker, item)),
    written,
  };
}

/**
 * Finds the one API that a `scope` parameter names.
 *
 * @throws EntraError 500011 unknown API, 700022 two APIs at once
 */
export function findRequestedResource(
  context: Pick<CloudContext, 'directory' | 'addresses'>,
  tenant: Tenant,
  scope: string,
): Resource {
  const names = new Set(parseScope(scope).scopes.map((item) => item.resource));
  if (names.size === 0) names.add(wellKnownIds.microsoftGraph);
  const [resource, ...others] = [...names].map((name) => findResource(context, tenant, name));
  if (!resource) throw new EntraError(aadsts.invalidScope, { scope });
  if (others.some((other) => other.appId !== resource.appId))
    throw new EntraError(aadsts.scopeNamesSeveralResources);
  return resource;
}

function scopeOf(
  resource: Resource,
  { application, tenant }: Asker,
  { value, text }: WrittenScope,
): PermissionScope {
  const scope = findOfferedScope(resource.principal, value);
  if (scope) return scope;
  if (isPersonalTenant(tenant)) throw new EntraError(aadsts.invalidScope, { scope: text });
  throw new EntraError(aadsts.scopeNotOnResource, {
    name: application.displayName,
    scope: value,
    resource: resource.appId,
  });
}

/**
 * An app that is its own API has to say so by its GUID at v1, and where a refresh leaves the API to what was asked
 * before.
 *
 * @throws EntraError 90009
 */
export function refuseTokenForItself(
  { appId }: Pick<Application, 'appId'>,
  { resource, written }: ResolvedScope,
): void {
  if (written.length === 0 || resource.appId !== appId || resource.audience.toLowerCase() === appId) return;
  throw new EntraError(aadsts.tokenForItself, { appId });
}

/**
 * Personal accounts have no Dynamics 365, so nothing of it can be asked for below `/consumers`.
 *
 * @throws EntraError 90124
 */
export function refuseWorkApis(
  context: Pick<CloudContext, 'directory' | 'addresses'>,
  application: { appId: string; displayName: string },
  scope: string,
): void {
  for (const { resource } of parseScope(scope).scopes) {
    const name = resource.toLowerCase().replace(/\/$/, '');
    if (name !== wellKnownIds.dynamicsCrm && !findEnvironmentByOrigin(context, name)) continue;
    throw new EntraError(aadsts.resourceNotForCommonOrConsumers, {
      appId: application.appId,
      name: application.displayName,
      resource,
    });
  }
}
