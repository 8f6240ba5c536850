import { wellKnownIds } from '@latchkey/microsoft';
import type { Application } from '../../directory/applications.ts';
import { pairwiseSubject } from '../../directory/pairwise-subject.ts';
import type { Tenant } from '../../directory/tenants.ts';
import type { User } from '../../directory/users.ts';
import { nameClaims } from '../../jwt/name-claims.ts';
import { issuerV1, issuerV2 } from '../../jwt/token-issuers.ts';
import type { AccessTokenClaims } from '../../jwt/verify-access-token.ts';
import type { EntraContext } from '../entra-context.ts';
import { hasOptionalClaim, type Resource } from '../resources/find-resource.ts';
import type { AuthenticationMethod, SignInFacts } from '../stored/sign-in-facts.ts';
import { membershipClaims, type TokenDelivery } from './membership-claims.ts';
import { personalClaims } from './optional-claims.ts';
import type { TokenLife } from './token-life.ts';

/** What `appidacr` says: "0" public client, "1" secret, "2" certificate. */
export type ClientStrength = '0' | '1' | '2';

/** What both kinds of access token are made from. */
export interface TokenFacts {
  tenant: Tenant;
  application: Application;
  resource: Resource;
  strength: ClientStrength;
  /** What the client says that it is able to do; told to APIs that list `xms_cc`. */
  capabilities: readonly string[];
  /** The origin through which the request came. */
  origin: string;
  life: TokenLife;
}

/** `aio` is Entra's own note for trading tokens; v2-shaped ones have no `amr` that says how the person signed in. */
const [passwordMark, secondFactorMark] = ['AP', 'AS'];
const uniqueIdBytes = 16;
const opaqueClaimBytes = 24;

/** Claims of a token by which an app acts as a person; v1- or v2-shaped, as the API chose. */
export function userAccessTokenClaims(
  { random, directory }: Pick<EntraContext, 'random' | 'directory'>,
  facts: TokenFacts,
  {
    user,
    scopes,
    roles,
    signIn,
    ipAddress,
    delivery = 'token_endpoint',
  }: {
    user: User;
    scopes: readonly string[];
    /** Values of the API's roles that the person was given. */
    roles: readonly string[];
    signIn: SignInFacts;
    ipAddress: string;
    delivery?: TokenDelivery;
  },
): object {
  const { tenant, application, resource } = facts;
  const person =
    resource.tokenVersion === 1
      ? {
          acr: '1',
          amr: signIn.methods,
          ...nameClaims(user),
          ipaddr: ipAddress,
          unique_name: user.userPrincipalName,
          upn: user.userPrincipalName,
        }
      : { preferred_username: user.userPrincipalName };
  const common = commonClaims(random, facts);
  return {
    ...common,
    aio: (signIn.methods.includes('mfa') ? secondFactorMark : passwordMark) + common.aio,
    ...person,
    ...personalClaims(
      resource.optionalClaims,
      { user, tenant, ...signIn, ipAddress },
      { version: resource.tokenVersion },
    ),
    ...(hasOptionalClaim(resource.optionalClaims, 'idtyp', 'include_user_token') && { idtyp: 'user' }),
    name: user.displayName,
    oid: user.id,
    ...(roles.length > 0 && { roles }),
    scp: scopes.join(' '),
    sub: pairwiseSubject(tenant.id, application.appId, user.id),
    ...membershipClaims(directory, user, resource.groupMembershipClaims, delivery),
  };
}

/** How the person behind a token of ours signed in. */
export function methodsOf({ aio }: Pick<AccessTokenClaims, 'aio'>): readonly AuthenticationMethod[] {
  return aio?.startsWith(secondFactorMark) ? ['pwd', 'mfa'] : ['pwd'];
}

/** Claims of a token by which an app acts as itself: no `scp`, and subject and object are its service principal. */
export function appAccessTokenClaims(
  { random }: Pick<EntraContext, 'random'>,
  facts: TokenFacts,
  { principalId, roles }: { principalId: string; roles: readonly string[] },
): object {
  return {
    ...commonClaims(random, facts),
    ...(facts.resource.tokenVersion === 1 && { idp: issuerV1(facts.origin, facts.tenant.id) }),
    oid: principalId,
    sub: principalId,
    ...(hasOptionalClaim(facts.resource.optionalClaims, 'idtyp') && { idtyp: 'app' }),
    ...(roles.length > 0 && { roles }),
  };
}

function commonClaims(random: EntraContext['random'], facts: TokenFacts) {
  const { tenant, application, resource, strength, capabilities, origin, life } = facts;
  const isV1 = resource.tokenVersion === 1;
  // One call for all the chance: each costs as much as the rest of the claims.
  const chance = random.bytes(uniqueIdBytes + 2 * opaqueClaimBytes);
  const opaque = chance.subarray(uniqueIdBytes);
  return {
    aud:
      isV1 && !hasOptionalClaim(resource.optionalClaims, 'aud', 'use_guid')
        ? resource.audience
        : resource.appId,
    iss: isV1 ? issuerV1(origin, tenant.id) : issuerV2(origin, tenant.id),
    iat: life.notBefore,
    nbf: life.notBefore,
    exp: life.expiresOn,
    aio: opaque.toString('base64', 0, opaqueClaimBytes),
    // In Graph's tokens alone: what command lines show as who is signed in, where no person is.
    ...(resource.appId === wellKnownIds.microsoftGraph && { app_displayname: application.displayName }),
    ...(isV1
      ? { appid: application.appId, appidacr: strength }
      : { azp: application.appId, azpacr: strength }),
    rh: `1.${opaque.toString('base64url', opaqueClaimBytes)}.`,
    tid: tenant.id,
    uti: chance.toString('base64url', 0, uniqueIdBytes),
    ver: isV1 ? '1.0' : '2.0',
    ...(capabilities.length > 0 &&
      hasOptionalClaim(resource.optionalClaims, 'xms_cc') && { xms_cc: capabilities }),
  };
}
