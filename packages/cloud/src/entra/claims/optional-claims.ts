import { makeLoginHint } from '../../directory/login-hint.ts';
import type { Tenant } from '../../directory/tenants.ts';
import type { User } from '../../directory/users.ts';
import { millisecondsPerSecond } from '../../ground/durations.ts';
import { hasOptionalClaim, type OptionalClaim } from '../resources/find-resource.ts';
import type { SignInFacts } from '../stored/sign-in-facts.ts';

/** What a person's optional claims are filled from. */
export interface PersonalFacts extends Pick<SignInFacts, 'sessionId' | 'signedInAt'> {
  user: User;
  tenant: Tenant;
  /** The network address that the person signs in from, as far as the cloud knows. */
  ipAddress: string;
}

const tenantRegionScope = 'EU';
const tenantPreferredLanguage = 'en';
/** v2 tells a person's names only where `profile` was agreed to. */
const ofProfile: ReadonlySet<string> = new Set(['family_name', 'given_name', 'upn']);

/**
 * The optional claims of a person's token, of those that are listed ("Optional claims reference"). Names that mean
 * nothing here, and those that have no value for this person, are passed over, as the real service does.
 *
 * @param profile whether `profile` was agreed to, where the token goes by that
 */
export function personalClaims(
  listed: readonly OptionalClaim[],
  { user, tenant, sessionId, signedInAt, ipAddress }: PersonalFacts,
  { version, profile = true }: { version: 1 | 2; profile?: boolean },
): Record<string, string | number | boolean> {
  const domain = user.mail?.split('@').at(-1)?.toLowerCase() ?? '';
  const known: Record<string, string | number | boolean | null> = {
    acct: 0,
    auth_time: Math.floor(signedInAt / millisecondsPerSecond),
    email: user.mail,
    family_name: user.surname,
    given_name: user.givenName,
    ipaddr: ipAddress,
    login_hint: makeLoginHint(user),
    preferred_username: version === 1 ? user.userPrincipalName : null,
    sid: sessionId,
    tenant_region_scope: tenantRegionScope,
    upn: user.userPrincipalName,
    verified_primary_email: user.mail,
    // Told only beside the address that it speaks of.
    xms_edov:
      hasOptionalClaim(listed, 'email') && user.mail !== null ? tenant.domains.includes(domain) : null,
    xms_tpl: tenantPreferredLanguage,
  };
  const claims: Record<string, string | number | boolean> = {};
  for (const { name } of listed) {
    if (version !== 1 && !profile && ofProfile.has(name)) continue;
    const value = Object.hasOwn(known, name) ? known[name] : undefined;
    if (value !== undefined && value !== null) claims[name] = value;
  }
  return claims;
}
