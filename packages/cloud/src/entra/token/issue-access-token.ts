import { wellKnownIds } from '@latchkey/microsoft';
import type { CloudContext } from '../../cloud-context.ts';
import { type Application, findApplicationByAppId } from '../../directory/applications.ts';
import { preauthorizedScopes } from '../../directory/first-party/preauthorized-scopes.ts';
import { offeredRoles, offeredScopes } from '../../directory/offered-permissions.ts';
import { selectAll } from '../../directory/open-directory.ts';
import { findTenant } from '../../directory/tenants.ts';
import { findUserByName } from '../../directory/users.ts';
import { accessTokenHeader, signJwt } from '../../jwt/sign-jwt.ts';
import type { TokenContext } from '../../jwt/token-context.ts';
import { appAccessTokenClaims, userAccessTokenClaims } from '../claims/access-token-claims.ts';
import { assignedRoles } from '../claims/membership-claims.ts';
import { chooseTokenLife } from '../claims/token-life.ts';
import { findClient } from '../clients/find-client.ts';
import { findResource, type Resource } from '../resources/find-resource.ts';

/** An access token as a test wants it. */
export interface TokenWish {
  /** The API: its address, application id or identifier URI. */
  resource: string;
  /** The person that the app acts for; without, the app acts as itself. */
  user?: string | { userPrincipalName: string };
  /** The app, by application id or name. For a person it may be left out: then the API's own application asks. */
  app?: string;
  /**
   * The delegated permissions, of a person's token; when left out, all that the API has, of a service of Microsoft's those
   * that let an app act as the person.
   */
  scopes?: readonly string[];
  /** The API's roles; those that the person or the app was given when left out. */
  roles?: readonly string[];
  /** The tenant, by id or domain, of an app's own token; the app's home when left out. */
  tenant?: string;
  /** The origin of Entra ID that the token names as its issuer; its HTTP listener's when left out. */
  origin?: string;
}

/** How many permissions an error names to choose from. */
const mostNamed = 20;
const ownAddress = '127.0.0.1';

/**
 * Issues an access token as Entra ID would, without its being asked: no credential, sign-in or consent. For tests of
 * APIs, which need a valid token and nothing else.
 *
 * @throws RangeError when a person, app, tenant, scope or role does not exist
 * @throws EntraError 500011 when the tenant knows no such API
 */
export async function issueAccessToken(context: TokenContext, wish: TokenWish): Promise<string> {
  const { directory, signingKeys } = context;
  const user = wish.user === undefined ? undefined : requireUser(context, wish.user);
  const named = wish.app === undefined ? undefined : requireApplication(context, wish.app);
  const tenantName = user?.tenantId ?? wish.tenant ?? named?.tenantId;
  if (tenantName === undefined) throw new RangeError('A token is for a person or an app: name one of them.');
  const tenant = findTenant(directory, tenantName);
  if (!tenant) throw new RangeError(`There is no tenant '${tenantName}'.`);
  const resource = findResource(context, tenant, wish.resource);
  const { application, principal } = findClient(directory, named?.appId ?? resource.appId, tenant);
  const life = chooseTokenLife({ ...context, policies: (_key, read) => read() }, tenant);
  const origin = wish.origin ?? context.addresses.entra.http;
  const facts = { tenant, application, resource, strength: '1', capabilities: [], origin, life } as const;
  const rolesOf = (id: string, kind: 'User' | 'Application') =>
    wish.roles
      ? requireRoles(resource, wish.roles)
      : assignedRoles(directory, { id, kind }, resource.principal);
  const { current } = signingKeys;
  const header = accessTokenHeader(current, resource);
  if (user) {
    const signIn = {
      sessionId: context.random.guid(),
      signedInAt: context.clock.now(),
      methods: ['pwd'] as const,
    };
    const roles = rolesOf(user.id, 'User');
    const scopes = requireScopes(resource, wish.scopes);
    const person = { user, scopes, roles, signIn, ipAddress: ownAddress };
    return signJwt(current, userAccessTokenClaims(context, facts, person), header);
  }
  if (!principal) {
    throw new RangeError(`'${application.displayName}' has no service principal in ${tenant.displayName}.`);
  }
  const roles = rolesOf(principal.id, 'Application');
  const claims = appAccessTokenClaims(context, facts, { principalId: principal.id, roles });
  return signJwt(current, claims, header);
}

function requireUser({ directory }: CloudContext, user: NonNullable<TokenWish['user']>) {
  const name = typeof user === 'string' ? user : user.userPrincipalName;
  const found = findUserByName(directory, name);
  if (!found) throw new RangeError(`Nobody is called '${name}'.`);
  return found;
}

function requireApplication({ directory }: CloudContext, name: string): Application {
  const [appId = name, another] = selectAll<{ app_id: string }>(
    directory,
    'SELECT app_id FROM applications WHERE deleted_at IS NULL AND display_name = ? COLLATE NOCASE LIMIT 2',
    name,
  ).map((row) => row.app_id);
  if (another !== undefined)
    throw new RangeError(`Several apps are called '${name}': give an application id.`);
  const found = findApplicationByAppId(directory, appId);
  if (!found) throw new RangeError(`There is no app '${name}'.`);
  return found;
}

function requireScopes(resource: Resource, wanted: readonly string[] | undefined): readonly string[] {
  const known = offeredScopes(resource.principal).map(({ value }) => value);
  if (wanted) return requireKnown(resource, wanted, { known, kind: 'delegated permission' });
  // Of Graph's hundreds, those by which the portal acts as the person: they include what this Graph can do.
  const ofMicrosoft = preauthorizedScopes(wellKnownIds.azurePortal, resource.appId);
  return ofMicrosoft && ofMicrosoft.size > 0 ? [...ofMicrosoft] : known;
}

function requireRoles(resource: Resource, wanted: readonly string[]): readonly string[] {
  const known = offeredRoles(resource.principal).map(({ value }) => value);
  return requireKnown(resource, wanted, { known, kind: 'role' });
}

/** A slip of the pen would make a token that is refused for no visible reason. */
function requireKnown(
  { principal }: Resource,
  wanted: readonly string[],
  { known, kind }: { known: readonly string[]; kind: string },
): readonly string[] {
  const missing = wanted.find((value) => !known.includes(value));
  if (missing === undefined) return wanted;
  const more = known.length > mostNamed ? ` and ${known.length - mostNamed} more` : '';
  const choice =
    known.length > 0 ? `It has: ${known.slice(0, mostNamed).join(', ')}${more}.` : 'It has none.';
  throw new RangeError(`${principal.displayName} has no ${kind} '${missing}'. ${choice}`);
}
