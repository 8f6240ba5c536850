import { HubError } from '../errors/hub-error.ts';
import { firstRedirect } from '../ground/http-status.ts';
import { describeOutboundError } from '../outbound/describe-outbound-error.ts';
import { OutboundError, type OutboundResponse } from '../outbound/outbound-http.ts';
import type { CallEnvironment, EnvironmentRequest } from '../providers/application-users.ts';
import type { ProviderContext } from '../providers/provider.ts';

/**
 * @param environmentUrl origin
 * @param accessToken of an administrator of the environment; it is sent nowhere else, whatever address a page names
 * @returns how the environment is called with it
 */
export function openEnvironmentSession(
  context: Pick<ProviderContext, 'outbound' | 'provider'>,
  environmentUrl: string,
  accessToken: string,
): CallEnvironment {
  const call = async (request: EnvironmentRequest) => {
    const answer = await send(context, environmentUrl, accessToken, request);
    if (answer.status >= firstRedirect) throw context.provider.explainRefusal(answer);
    return answer;
  };
  return Object.assign(call, { environmentUrl });
}

async function send(
  { outbound }: Pick<ProviderContext, 'outbound'>,
  environmentUrl: string,
  accessToken: string,
  { method, path, body }: EnvironmentRequest,
): Promise<OutboundResponse> {
  const url = URL.parse(path, environmentUrl);
  if (url?.origin !== environmentUrl) {
    throw new HubError('crm_nonsense', { detail: 'The environment names a next page that is elsewhere.' });
  }
  try {
    return await outbound.request(url.href, {
      method,
      headers: {
        authorization: `Bearer ${accessToken}`,
        accept: 'application/json',
        'odata-version': '4.0',
        'odata-maxversion': '4.0',
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
    });
  } catch (error) {
    if (!(error instanceof OutboundError)) throw error;
    throw describeOutboundError(error, {
      code: 'crm_unavailable',
      side: 'environment',
      detail: `No whole answer came from the environment: ${error.message}`,
    });
  }
}
