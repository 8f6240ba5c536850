import { isNumber, objectOf, oneOf, optional, orNull, readRow } from '../ground/read-row.ts';
import { type Directory, selectOne } from './open-directory.ts';

/** What a tenant's administrators decided for everybody in it. */
export interface TenantPolicy {
  /** `off`: only administrators consent (AADSTS90094). */
  userConsent: 'allowed' | 'off';
  /** `on`: who may not consent can ask the administrators on the page (AADSTS90095). */
  adminConsentRequests: 'off' | 'on';
  /** `blocked`: the device code flow is closed by Conditional Access (AADSTS53003). */
  deviceCode: 'allowed' | 'blocked';
  /** Hours after which a person has to sign in anew (AADSTS70043); null: never by policy. */
  signInFrequencyHours: number | null;
  /** Whether new client secrets may be made (app management policy). */
  clientSecrets: 'allowed' | 'forbidden';
  /** The longest life of a new client secret, in days; null: no limit. */
  longestSecretDays: number | null;
  /** The life of access tokens, in whole minutes (see accessTokenLife); null: a random one between 60 and 90. */
  accessTokenMinutes: number | null;
  /** Whether the page asks "Stay signed in?" ("Show keep user signed in" among the user settings). */
  staySignedIn: 'asked' | 'not_asked';
  /**
   * What becomes of a refresh token that was used. `allowed`: it stays good, as Microsoft's do. `ends_grant`: it is good
   * once, and who brings it again ends all that the sign-in gave (AADSTS70000, RFC 9700 §4.14.2): strict, for tests of
   * software that must lose none.
   */
  refreshTokenReuse: 'allowed' | 'ends_grant';
}

/** "Configurable token lifetimes": ten minutes to one day. Keys are published as long as such a token can live. */
export const accessTokenLife = { leastMinutes: 10, mostMinutes: 1440 } as const;

/** Whether access tokens can be made to live this long. */
export function isAccessTokenLife(minutes: number): boolean {
  const { leastMinutes, mostMinutes } = accessTokenLife;
  return Number.isInteger(minutes) && minutes >= leastMinutes && minutes <= mostMinutes;
}

const policySchema = objectOf<Partial<TenantPolicy>>({
  userConsent: optional(oneOf('allowed', 'off')),
  adminConsentRequests: optional(oneOf('off', 'on')),
  deviceCode: optional(oneOf('allowed', 'blocked')),
  signInFrequencyHours: optional(orNull(isNumber)),
  clientSecrets: optional(oneOf('allowed', 'forbidden')),
  longestSecretDays: optional(orNull(isNumber)),
  accessTokenMinutes: optional(orNull(isNumber)),
  staySignedIn: optional(oneOf('asked', 'not_asked')),
  refreshTokenReuse: optional(oneOf('allowed', 'ends_grant')),
});

const defaultPolicy: TenantPolicy = {
  userConsent: 'allowed',
  adminConsentRequests: 'off',
  deviceCode: 'allowed',
  signInFrequencyHours: null,
  clientSecrets: 'allowed',
  longestSecretDays: null,
  accessTokenMinutes: null,
  staySignedIn: 'asked',
  refreshTokenReuse: 'allowed',
};

export function tenantPolicy(directory: Directory, tenantId: string): TenantPolicy {
  const row = selectOne<{ policy: string }>(
    directory,
    'SELECT policy FROM tenant_policies WHERE tenant_id = ?',
    tenantId,
  );
  return { ...defaultPolicy, ...(row && readRow(policySchema, row.policy)) };
}

/** Changes a tenant's policy, e.g. `{ userConsent: 'off' }`; the rest stays. */
export function setTenantPolicy(
  directory: Directory,
  tenantId: string,
  changes: Partial<TenantPolicy>,
): void {
  directory
    .prepare(
      `INSERT INTO tenant_policies (tenant_id, policy) VALUES (?1, ?2)
       ON CONFLICT (tenant_id) DO UPDATE SET policy = ?2`,
    )
    .run(tenantId, JSON.stringify({ ...tenantPolicy(directory, tenantId), ...changes }));
}
