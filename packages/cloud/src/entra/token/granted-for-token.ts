import { aadsts } from '@latchkey/microsoft';
import { grantedScopes } from '../../directory/permission-grants.ts';
import type { User } from '../../directory/users.ts';
import type { Client } from '../clients/find-client.ts';
import { preauthorizedScopes } from '../clients/preauthorized-scopes.ts';
import type { EntraContext } from '../entra-context.ts';
import { EntraError } from '../errors/entra-error.ts';
import type { ResolvedScope } from '../resources/resolve-scope.ts';

/**
 * The scopes that go into a token: all that the client was given on this API for this person, whatever part of it
 * was asked.
 *
 * @throws EntraError 65001 when nothing was given, or something asked was not
 */
export function grantedForToken(
  { directory }: Pick<EntraContext, 'directory'>,
  { application, principal }: Client,
  user: User,
  { resource, scopes, signIn, written }: ResolvedScope,
): string[] {
  const granted =
    preauthorizedScopes(application.appId, resource.appId) ??
    (principal
      ? grantedScopes(directory, {
          clientId: principal.id,
          resourceId: resource.principal.id,
          userId: user.id,
        })
      : new Set<string>());
  const isGiven = scopes.every((scope) => granted.has(scope.value));
  if (!isGiven || (granted.size === 0 && written.length > 0)) {
    throw new EntraError(aadsts.consentRequired, { appId: application.appId, name: application.displayName });
  }
  // Sign-in scopes alone ask for a token of Graph that can do no more than tell who signed in.
  const all = written.length === 0 ? new Set([...granted, ...signIn]) : granted;
  return [...all].filter((scope) => scope !== 'offline_access');
}
