import { clientCredentialsGrant } from 'openid-client';
import { HubError } from '../../errors/hub-error.ts';
import type { ProviderContext } from '../../providers/provider.ts';
import { entraEndpoints } from '../../token-endpoint/entra-endpoints.ts';
import { readTokenFacts } from '../../token-endpoint/read-token-facts.ts';
import { requestToken } from '../../token-endpoint/request-token.ts';
import type { RegistrationCredentials } from '../../tokens/registration-credentials.ts';
import type { StepResult } from './step-result.ts';

/**
 * Proves tenant, client id and secret by a token for the application itself. It is asked for Microsoft Graph, since no
 * environment is known yet; no permission is needed to be given one.
 *
 * @throws HubError with Microsoft's refusal: AADSTS7000215, AADSTS700016, AADSTS90002, …
 */
export async function proveCredentials(
  context: ProviderContext,
  { tenantId, clientId, clientSecret }: RegistrationCredentials,
): Promise<StepResult> {
  const { authority, graph } = context.config.cloud;
  const client = { ...entraEndpoints(authority, tenantId, 'v2'), clientId, clientSecret };
  const outcome = await requestToken(context, client, 'client_credentials', (configuration) =>
    clientCredentialsGrant(configuration, { scope: `${graph}/.default` }),
  );
  if (!outcome.ok) throw outcome.failure;
  const facts = readTokenFacts(outcome.answer.accessToken);
  if (facts?.clientId && facts.clientId !== clientId) {
    throw new HubError('token_endpoint_nonsense', {
      detail: `The token is for the application ${facts.clientId}, not for ${clientId}.`,
    });
  }
  return { detail: 'Microsoft Entra ID issued a token for the application', values: {} };
}
