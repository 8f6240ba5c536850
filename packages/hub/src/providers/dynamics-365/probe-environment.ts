import { parseBearerChallenge } from '@latchkey/microsoft';
import { isAuthority } from '../../config/config.ts';
import { HubError } from '../../errors/hub-error.ts';
import type { HubContext } from '../../hub-context.ts';
import { OutboundError, type OutboundResponse } from '../../outbound/outbound-http.ts';

/** The base of the Web API, in the version that the hub speaks. */
export const webApiPath = '/api/data/v9.2';

/** The person waits for it when a connection is made. */
const findTenantTimeout = 5000;

const unauthorized = 401;

/** Names of a tenant that mean "any". */
const anyTenant: ReadonlySet<string> = new Set(['common', 'organizations', 'consumers']);

/**
 * Asks an environment without a token. A real one answers 401 with a challenge that names its tenant.
 *
 * @throws OutboundError when no whole answer came; HubError `address_not_allowed`
 */
export function probeEnvironment(
  context: HubContext,
  environmentUrl: string,
  timeoutMilliseconds: number,
): Promise<OutboundResponse> {
  return context.outbound.request(`${environmentUrl}${webApiPath}/`, {
    method: 'GET',
    headers: { accept: 'application/json' },
    timeoutMilliseconds,
  });
}

/**
 * Reads the tenant out of an environment's challenge.
 *
 * @returns undefined when the answer is not that of a Dynamics 365 environment; null when it names no tenant, or the
 *   sign-in service of another cloud
 */
export function tenantOfChallenge(context: HubContext, answer: OutboundResponse): string | null | undefined {
  const header = answer.headers['www-authenticate'];
  if (answer.status !== unauthorized || header === undefined) return undefined;
  const { tenant, authority, authorizationUri } = parseBearerChallenge(header);
  if (authorizationUri === undefined) return undefined;
  const isOurs = authority !== undefined && isAuthority(context.config.cloud, authority);
  return isOurs && tenant !== undefined && !anyTenant.has(tenant) ? tenant : null;
}

/** @returns the tenant that an environment belongs to, or null when it can't be found out now */
export async function findTenant(context: HubContext, environmentUrl: string): Promise<string | null> {
  try {
    return (
      tenantOfChallenge(context, await probeEnvironment(context, environmentUrl, findTenantTimeout)) ?? null
    );
  } catch (error) {
    // Saving does not depend on the environment answering; the test says why it doesn't.
    if (error instanceof OutboundError || error instanceof HubError) return null;
    throw error;
  }
}
