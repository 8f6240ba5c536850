import { createHash } from 'node:crypto';
import type { Application } from '../../directory/applications.ts';
import { pairwiseSubject } from '../../directory/pairwise-subject.ts';
import type { Tenant } from '../../directory/tenants.ts';
import type { User } from '../../directory/users.ts';
import { nameClaims } from '../../jwt/name-claims.ts';
import { issuerV1, issuerV2 } from '../../jwt/token-issuers.ts';
import type { EntraContext } from '../entra-context.ts';
import { listOptionalClaims } from '../resources/find-resource.ts';
import type { SignInScope } from '../resources/parse-scope.ts';
import type { SignInFacts } from '../stored/sign-in-facts.ts';
import { personalClaims } from './optional-claims.ts';
import type { TokenLife } from './token-life.ts';

interface IdTokenFacts extends SignInFacts {
  application: Application;
  /** Values of the application's own roles that the person was given. */
  roles: readonly string[];
  /** What it tells of the person's groups and directory roles. */
  memberships: object;
  /** The caller's network address. */
  ipAddress: string;
  tenant: Tenant;
  /** The origin through which the request came. */
  origin: string;
  user: User;
  nonce: string | undefined;
  /** Names of claims that the request asks for beside those that the application lists. */
  requestedClaims: readonly string[];
  /** The authorization code that comes beside it. */
  code?: string | undefined;
  /** The access token that comes beside it by the browser. */
  accessToken?: string | undefined;
  life: TokenLife;
}

const idTokenSeconds = 3600;
const uniqueIdBytes = 16;

/** Claims of a v2 id token (OpenID Connect Core §2); `profile` and `email` add theirs. */
export function idTokenClaimsV2(
  { random }: Pick<EntraContext, 'random'>,
  { signIn, ...facts }: IdTokenFacts & { signIn: ReadonlySet<SignInScope> },
): object {
  const { user, tenant } = facts;
  return {
    ...commonClaims(facts, { version: 2, profile: signIn.has('profile') }),
    iss: issuerV2(facts.origin, tenant.id),
    ...(signIn.has('email') && user.mail !== null && { email: user.mail }),
    ...(signIn.has('profile') && { name: user.displayName, preferred_username: user.userPrincipalName }),
    uti: random.bytes(uniqueIdBytes).toString('base64url'),
    ver: '2.0',
  };
}

/** Claims of a v1 id token. */
export function idTokenClaimsV1(facts: IdTokenFacts): object {
  const { user, tenant } = facts;
  return {
    ...commonClaims(facts, { version: 1 }),
    iss: issuerV1(facts.origin, tenant.id),
    amr: facts.methods,
    ...nameClaims(user),
    ipaddr: facts.ipAddress,
    name: user.displayName,
    unique_name: user.userPrincipalName,
    upn: user.userPrincipalName,
    ver: '1.0',
  };
}

/** The id token as v1's token endpoint gives it, not signed (`alg` none): it informs the app and proves nothing. */
export function unsignedIdToken(claims: object): string {
  return `${encode({ typ: 'JWT', alg: 'none' })}.${encode(claims)}.`;
}

function commonClaims(facts: IdTokenFacts, shape: { version: 1 | 2; profile?: boolean }): object {
  const { application, tenant, user, roles, memberships, nonce, requestedClaims, code, accessToken, life } =
    facts;
  const wanted = [
    ...listOptionalClaims(application.document, 'idToken'),
    ...requestedClaims.map((name) => ({ name, additionalProperties: [] })),
  ];
  return {
    ...personalClaims(wanted, facts, shape),
    aud: application.appId,
    iat: life.notBefore,
    nbf: life.notBefore,
    exp: life.issuedAt + idTokenSeconds,
    ...(nonce !== undefined && { nonce }),
    ...(code !== undefined && { c_hash: leftHalfHash(code) }),
    ...(accessToken !== undefined && { at_hash: leftHalfHash(accessToken) }),
    oid: user.id,
    ...(roles.length > 0 && { roles }),
    sub: pairwiseSubject(tenant.id, application.appId, user.id),
    tid: tenant.id,
    ...memberships,
  };
}

/** The left half of a SHA-256 (OpenID Connect Core §3.3.2.11): code and token can't be exchanged for others. */
function leftHalfHash(text: string): string {
  const digest = createHash('sha256').update(text).digest();
  return digest.subarray(0, digest.length / 2).toString('base64url');
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/** `client_info`: who signed in, as Microsoft's libraries name accounts (object id and home tenant). */
export function clientInfo({ id, tenantId }: Pick<User, 'id' | 'tenantId'>): string {
  return Buffer.from(JSON.stringify({ uid: id, utid: tenantId })).toString('base64url');
}
