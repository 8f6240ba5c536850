import { OutboundError, type OutboundResponse } from '../../outbound/outbound-http.ts';
import { healRejectedToken } from '../../tokens/heal-rejected-token.ts';
import type { TokenContext } from '../../tokens/token-context.ts';
import type { ServedToken } from '../../tokens/token-memory.ts';
import { describeCrmNetworkFailure, describeCrmRefusal } from './describe-crm-failure.ts';
import { webApiPath } from './probe-environment.ts';

const firstRefusal = 300;
const unauthorized = 401;

/**
 * Reads from the CRM's Web API, for the hub's own proofs. A 401 is healed once by another token.
 *
 * @param path below `/api/data/v9.2`, with a slash
 * @throws HubError `crm_refused`, `crm_unavailable`, `crm_timeout`, `crm_nonsense`, and those of `getAccessToken`
 */
export async function readWebApi(
  context: TokenContext,
  connectionId: string,
  token: ServedToken,
  path: string,
): Promise<OutboundResponse> {
  let answer = await request(context, token, path);
  if (answer.status === unauthorized) {
    const healed = await healRejectedToken(context, connectionId, token.accessToken);
    answer = await request(context, healed, path);
  }
  if (answer.status >= firstRefusal) throw describeCrmRefusal(answer);
  return answer;
}

async function request(context: TokenContext, token: ServedToken, path: string): Promise<OutboundResponse> {
  try {
    return await context.outbound.request(`${token.environmentUrl}${webApiPath}${path}`, {
      method: 'GET',
      headers: {
        authorization: `Bearer ${token.accessToken}`,
        accept: 'application/json',
        'odata-version': '4.0',
        'odata-maxversion': '4.0',
      },
      timeoutMilliseconds: token.requestTimeoutSeconds * 1000,
    });
  } catch (error) {
    if (error instanceof OutboundError) throw describeCrmNetworkFailure(error);
    throw error;
  }
}
