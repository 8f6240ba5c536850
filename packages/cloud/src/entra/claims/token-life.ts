import { tenantPolicy } from '../../directory/tenant-policy.ts';
import type { Tenant } from '../../directory/tenants.ts';
import { millisecondsPerSecond } from '../../ground/durations.ts';
import type { EntraContext } from '../entra-context.ts';

/** When a token begins and ends, in epoch seconds. */
export interface TokenLife {
  issuedAt: number;
  /** Five minutes early, for resources whose clock is behind. */
  notBefore: number;
  expiresOn: number;
  /** What the answer says: one second less than the life. */
  expiresInSeconds: number;
}

const secondsPerMinute = 60;
const earlySeconds = 300;
/** The default lifetime is a random value between 60 and 90 minutes, so that apps don't all renew at once. */
const shortestSeconds = 3600;
const spreadSeconds = 1800;

/** A token's life: what the tenant's policy says, else a random one. */
export function chooseTokenLife(
  { clock, directory, random, policies }: Pick<EntraContext, 'clock' | 'directory' | 'random' | 'policies'>,
  tenant: Tenant,
): TokenLife {
  const issuedAt = Math.floor(clock.now() / millisecondsPerSecond);
  const { accessTokenMinutes } = policies(tenant.id, () => tenantPolicy(directory, tenant.id));
  const lifeSeconds =
    accessTokenMinutes !== null
      ? accessTokenMinutes * secondsPerMinute
      : shortestSeconds + Math.floor(random.fraction() * spreadSeconds);
  return {
    issuedAt,
    notBefore: issuedAt - earlySeconds,
    expiresOn: issuedAt + lifeSeconds,
    expiresInSeconds: lifeSeconds - 1,
  };
}
