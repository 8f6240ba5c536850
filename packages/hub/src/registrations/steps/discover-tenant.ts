import { guidPattern } from '@latchkey/microsoft';
import { z } from 'zod';
import { HubError } from '../../errors/hub-error.ts';
import { ok } from '../../ground/http-status.ts';
import { parseJson } from '../../ground/read-json.ts';
import type { HubContext } from '../../hub-context.ts';
import { OutboundError } from '../../outbound/outbound-http.ts';
import {
  describeTokenNetworkFailure,
  describeTokenRefusal,
  isOAuthError,
} from '../../token-endpoint/describe-token-failure.ts';
import { entraEndpoints } from '../../token-endpoint/entra-endpoints.ts';
import type { StepResult } from './step-result.ts';

/** OpenID Connect Discovery 1.0 §3; Entra ID puts the tenant's GUID into the issuer, whatever name was asked for. */
const document = z.object({ issuer: z.string() });
const guid = new RegExp(guidPattern, 'i');

/**
 * Finds out whether a tenant exists, and its GUID, from its discovery document; nobody has to sign in for that.
 *
 * @param tenant GUID or domain
 * @throws HubError `token_request_refused` (AADSTS90002 for a tenant that is none), `token_endpoint_unavailable`
 */
export async function discoverTenant(
  { config, outbound }: Pick<HubContext, 'config' | 'outbound'>,
  tenant: string,
): Promise<StepResult> {
  const answer = await outbound
    .request(entraEndpoints(config.cloud.authority, tenant, 'v2').discoveryDocument, { method: 'GET' })
    .catch((error: unknown) => {
      throw error instanceof OutboundError ? describeTokenNetworkFailure(error) : error;
    });
  if (answer.status !== ok || isOAuthError(answer)) throw describeTokenRefusal('client_credentials', answer);
  const tenantId = guid.exec(document.safeParse(parseJson(answer.body)).data?.issuer ?? '')?.[0];
  if (!tenantId) {
    throw new HubError('token_endpoint_nonsense', {
      detail: `What ${config.cloud.authority} tells about the tenant is no discovery document.`,
    });
  }
  return {
    detail: `Tenant ${tenantId}`,
    values: { tenant_id: tenantId.toLowerCase(), authority_tenant: tenantId.toLowerCase() },
  };
}
