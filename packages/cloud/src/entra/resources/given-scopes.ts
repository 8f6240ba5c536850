import type { Application } from '../../directory/applications.ts';
import { preauthorizedScopes } from '../../directory/first-party/preauthorized-scopes.ts';
import { offeredScopes } from '../../directory/offered-permissions.ts';
import type { Directory } from '../../directory/open-directory.ts';
import { grantedScopes } from '../../directory/permission-grants.ts';
import type { PreauthorizedClient } from '../../directory/preauthorized-clients.ts';
import type { ServicePrincipal } from '../../directory/service-principals.ts';
import type { Resource } from './find-resource.ts';

/** Who asks: an application, with its service principal where the tenant has one. */
interface Client {
  application: Pick<Application, 'appId'>;
  principal: Pick<ServicePrincipal, 'id'> | undefined;
}

/**
 * The scopes that a client has on an API for a person: what Microsoft gave its own client ahead, which is then all it
 * has; else what was consented to, by the person or for everybody, and what the API gives the client ahead.
 */
export function givenScopes(
  directory: Directory,
  { application, principal }: Client,
  { principal: api, preauthorizedClients }: Pick<Resource, 'principal' | 'preauthorizedClients'>,
  userId: string,
): ReadonlySet<string> {
  const ofMicrosoft = preauthorizedScopes(application.appId, api.appId);
  if (ofMicrosoft) return ofMicrosoft;
  const granted = principal
    ? grantedScopes(directory, { clientId: principal.id, resourceId: api.id, userId })
    : new Set<string>();
  const ahead = scopesGivenAhead(api, preauthorizedClients, application.appId);
  return ahead.length === 0 ? granted : new Set([...granted, ...ahead]);
}

/** What an API gives a client ahead of any consent (`preAuthorizedApplications`), as values of its scopes. */
export function scopesGivenAhead(
  api: ServicePrincipal,
  preauthorizedClients: readonly PreauthorizedClient[],
  clientAppId: string,
): string[] {
  const ids = new Set(
    preauthorizedClients
      .filter(({ appId }) => appId === clientAppId)
      .flatMap(({ delegatedPermissionIds }) => delegatedPermissionIds),
  );
  if (ids.size === 0) return [];
  return offeredScopes(api)
    .filter(({ id, isEnabled }) => isEnabled && ids.has(id))
    .map(({ value }) => value);
}
