import { aadsts, wellKnownIds } from '@latchkey/microsoft';
import { type Application, findApplicationByAppId } from '../../directory/applications.ts';
import { preauthorizedScopes } from '../../directory/first-party/preauthorized-scopes.ts';
import type { RedirectPlatform } from '../../directory/match-redirect-uri.ts';
import { tenantPolicy } from '../../directory/tenant-policy.ts';
import { findTenant, type Tenant } from '../../directory/tenants.ts';
import { findUser, type User } from '../../directory/users.ts';
import { millisecondsPerHour } from '../../ground/durations.ts';
import { requireAssignment, requireConditions } from '../accounts/judge-conditions.ts';
import type { ClientStrength } from '../claims/access-token-claims.ts';
import { authenticateClient } from '../clients/authenticate-client.ts';
import { type Client, findClient, unknownClient } from '../clients/find-client.ts';
import type { EntraContext } from '../entra-context.ts';
import { EntraError } from '../errors/entra-error.ts';
import type { EndpointVersion } from '../errors/present-error.ts';
import { givenScopes, scopesGivenAhead } from '../resources/given-scopes.ts';
import { type ResolvedScope, refuseTokenForItself, resolveScope } from '../resources/resolve-scope.ts';
import type { SignInFacts } from '../stored/sign-in-facts.ts';
import { servesTenant, type TenantScope, tenantSegment } from '../tenants/resolve-tenant.ts';
import type { TokenRequest } from './token-request.ts';

// What is checked of a grant, in the order in which the token endpoint checks it; the first that fails is answered.

/**
 * Checks that a code or token is brought by the client that it was given to. An unknown client is told so first,
 * since that is the mistake then.
 *
 * @throws EntraError 700016 and 700038 unknown client, 70000 another client's grant
 */
export function requireGrantOfClient(
  { directory }: Pick<EntraContext, 'directory'>,
  { credentials, tenantScope }: TokenRequest,
  grantedTo: string | undefined,
): void {
  const { clientId } = credentials;
  if (grantedTo !== undefined && grantedTo === clientId.toLowerCase()) return;
  if (!findApplicationByAppId(directory, clientId)) {
    const tenant =
      tenantScope.kind === 'tenant' ? tenantScope.tenant.displayName : tenantSegment(tenantScope);
    throw unknownClient(clientId, tenant);
  }
  if (grantedTo !== undefined) throw new EntraError(aadsts.invalidGrant);
}

/** What codes and refresh tokens have in common. */
interface HeldGrant extends Pick<SignInFacts, 'signedInAt' | 'methods'> {
  clientId: string;
  tenantId: string;
  userId: string;
  /** What is asked, in the words of v2; null when a v1 request named no resource. */
  scope: string | null;
  /** When it was given out, epoch milliseconds; the moment of the sign-in when left out. */
  issuedAt?: number;
}

/**
 * Checks that the client and the person behind a grant are still there and that the grant was not revoked.
 *
 * @throws EntraError 700016 and 7000112 (client), 50034 (person deleted), 50057 (disabled), 50173 (revoked), 50105 (not assigned), 70043
 * (sign-in frequency), 50076, 50079 and the codes of blocked access (conditions)
 */
export function requireHolder(
  context: Pick<EntraContext, 'directory' | 'addresses'>,
  { clientId, tenantId, userId, signedInAt, methods, scope, issuedAt = signedInAt }: HeldGrant,
): { client: Client; tenant: Tenant; user: User } {
  const { directory } = context;
  const tenant = findTenant(directory, tenantId);
  if (!tenant) throw new EntraError(aadsts.unknownTenant, { tenant: tenantId });
  const client = findClient(directory, clientId, tenant);
  const user = findUser(directory, userId);
  if (!user) throw new EntraError(aadsts.userAccountNotFound, { user: userId, tenant: tenant.displayName });
  if (!user.enabled) throw new EntraError(aadsts.userDisabled);
  if (issuedAt <= user.tokensValidFrom) {
    throw new EntraError(aadsts.freshTokenNeeded, {
      issuedAt: new Date(issuedAt).toISOString(),
      validFrom: new Date(user.tokensValidFrom).toISOString(),
    });
  }
  requireAssignment(directory, client.application, tenant, user);
  const { signInFrequencyHours } = tenantPolicy(directory, tenantId);
  if (
    signInFrequencyHours !== null &&
    signedInAt + signInFrequencyHours * millisecondsPerHour <= directory.clock.now()
  ) {
    throw new EntraError(aadsts.badTokenDueToSignInFrequency, {
      issuedAt: new Date(issuedAt).toISOString(),
      lifetime: `${signInFrequencyHours} hours`,
    });
  }
  requireConditions(context, { tenant, user, methods, scope });
  return { client, tenant, user };
}

/**
 * Checks who brings a code or a refresh token, by the platform of its redirect URI: web apps prove themselves, apps
 * without a server can't.
 *
 * @throws EntraError 9002327 and 9002326 (see requireOrigin), and those of authenticateClient
 */
export function authenticateGrantClient(
  context: EntraContext,
  request: TokenRequest,
  application: Application,
  platform: RedirectPlatform,
): ClientStrength {
  // Before the credential: a page has none, and what it has to hear is that its address stands under Web.
  requireOrigin(platform, request.browserOrigin);
  return authenticateClient(context, request, application, platform === 'web' ? 'secret' : 'none');
}

/**
 * Single page apps redeem from the browser and nobody else does.
 *
 * @throws EntraError 9002327 a single page app's grant without `Origin`, 9002326 another's with one
 */
function requireOrigin(platform: RedirectPlatform, origin: string | undefined): void {
  if (platform === 'spa' && origin === undefined) throw new EntraError(aadsts.crossOriginRedemptionRequired);
  if (platform !== 'spa' && origin !== undefined)
    throw new EntraError(aadsts.crossOriginRedemptionRefused, { origin });
}

/**
 * A code is redeemed where its person can sign in: at their tenant, `common`, and `organizations` or `consumers`.
 *
 * @throws EntraError 700005
 */
export function requireSameTenant(asked: TenantScope, tenant: Tenant): void {
  if (!servesTenant(asked, tenant.id)) throw new EntraError(aadsts.grantOfAnotherTenant);
}

/**
 * v1 gives tokens only for APIs that the registration lists, whatever was consented.
 *
 * @throws EntraError 650057, 90009 for the app itself, and 500011 for an unknown API
 */
export function requireListedResource(
  context: Pick<EntraContext, 'directory' | 'addresses'>,
  { application }: Client,
  tenant: Tenant,
  scope: string,
): void {
  const resolved = resolveScope(context, { application, tenant }, scope);
  refuseTokenForItself(application, resolved);
  const { resource, written } = resolved;
  // A sign-in alone asks for no API.
  if (written.length === 0) return;
  if (preauthorizedScopes(application.appId, resource.appId)) return;
  const isListed = application.document.requiredResourceAccess.some(
    (access) => access.resourceAppId.toLowerCase() === resource.appId,
  );
  const { principal, preauthorizedClients } = resource;
  if (isListed || scopesGivenAhead(principal, preauthorizedClients, application.appId).length > 0) return;
  throw new EntraError(aadsts.resourceNotListed, {
    appId: application.appId,
    name: application.displayName,
    resource: resource.audience,
  });
}

/**
 * The scopes that go into a token: all that the client was given on this API for this person, whatever part of it
 * was asked. Of Graph, v2 adds the sign-in scopes that were asked for; they are Graph's own.
 *
 * @throws EntraError 65001 when nothing was given, or something asked was not
 */
export function grantedForToken(
  { directory }: Pick<EntraContext, 'directory'>,
  { client, user, version }: { client: Client; user: User; version: EndpointVersion },
  { resource, scopes, signIn, written }: ResolvedScope,
): string[] {
  const { appId, displayName } = client.application;
  const given = givenScopes(directory, client, resource, user.id);
  const isGiven = scopes.every((scope) => given.has(scope.value));
  if (!isGiven || (given.size === 0 && written.length > 0)) {
    throw new EntraError(aadsts.consentRequired, { appId, name: displayName });
  }
  // Sign-in scopes alone ask for a token of Graph that can do no more than tell who signed in.
  const tellsSignIn =
    written.length === 0 || (version !== 1 && resource.appId === wellKnownIds.microsoftGraph);
  const all = tellsSignIn ? new Set([...given, ...signIn]) : given;
  return [...all].filter((scope) => scope !== 'offline_access');
}
