import { aadsts } from '@latchkey/microsoft';
import { tenantPolicy } from '../../directory/tenant-policy.ts';
import { findTenant, type Tenant } from '../../directory/tenants.ts';
import { findUser, type User } from '../../directory/users.ts';
import { requireConditions } from '../accounts/judge-conditions.ts';
import { requireAssignment } from '../accounts/require-assignment.ts';
import { type Client, findClient } from '../clients/find-client.ts';
import type { EntraContext } from '../entra-context.ts';
import { EntraError } from '../errors/entra-error.ts';
import type { SignInFacts } from '../stored/sign-in-facts.ts';

const millisecondsPerHour = 3_600_000;

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
export function requireGrantHolder(
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
