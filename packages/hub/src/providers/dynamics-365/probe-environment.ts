import { parseBearerChallenge } from '@latchkey/microsoft';
import { type CloudConfig, isAuthority } from '../../config/config.ts';
import { HubError } from '../../errors/hub-error.ts';
import { unauthorized } from '../../ground/http-status.ts';
import type { HubContext } from '../../hub-context.ts';
import type { OutboundResponse } from '../../outbound/outbound-http.ts';
import { explainRefusal } from './explain-refusal.ts';

/** The base of the Web API, in the version that the hub speaks. */
export const webApiPath = '/api/data/v9.2';

/** Names of a tenant that mean "any". */
const anyTenant: ReadonlySet<string> = new Set(['common', 'organizations', 'consumers']);

/**
 * Asks an environment without a token. A real one answers 401 with a challenge that names its tenant.
 *
 * @returns the tenant, or null when the challenge names none, or the sign-in service of another cloud
 * @throws OutboundError when no whole answer came; HubError `crm_nonsense`, `crm_unavailable`, `address_not_allowed`
 */
export async function probeEnvironment(
  { config, outbound }: Pick<HubContext, 'config' | 'outbound'>,
  environmentUrl: string,
  timeoutMilliseconds: number,
): Promise<string | null> {
  const answer = await outbound.request(`${environmentUrl}${webApiPath}/`, {
    method: 'GET',
    headers: { accept: 'application/json' },
    timeoutMilliseconds,
  });
  const tenant = tenantOfChallenge(config.cloud, answer);
  if (tenant === undefined) throw explainMissingChallenge(answer);
  return tenant;
}

/** @returns undefined when the answer is not that of a Dynamics 365 environment */
function tenantOfChallenge(cloud: CloudConfig, answer: OutboundResponse): string | null | undefined {
  const header = answer.headers['www-authenticate'];
  if (answer.status !== unauthorized || header === undefined) return undefined;
  const { tenant, authority, authorizationUri } = parseBearerChallenge(header);
  if (authorizationUri === undefined) return undefined;
  const isOurs = authority !== undefined && isAuthority(cloud, authority);
  return isOurs && tenant !== undefined && !anyTenant.has(tenant) ? tenant : null;
}

/** Without a token only a 401 is the answer of a Dynamics 365 environment. */
function explainMissingChallenge(answer: OutboundResponse): HubError {
  const failure = explainRefusal(answer);
  if (failure.code === 'crm_unavailable') return failure;
  const detail = `The address answered with HTTP ${answer.status} and without the challenge of Dynamics 365.`;
  return new HubError('crm_nonsense', {
    detail,
    ...(failure.options.remote && { remote: failure.options.remote }),
  });
}
