import type { HubError } from '../errors/hub-error.ts';
import { millisecondsPerSecond } from '../ground/durations.ts';
import { firstRedirect, unauthorized } from '../ground/http-status.ts';
import { describeOutboundError } from '../outbound/describe-outbound-error.ts';
import { OutboundError, type OutboundResponse } from '../outbound/outbound-http.ts';
import type { Proof } from '../providers/provider.ts';
import { healRejectedToken } from '../tokens/heal-rejected-token.ts';
import type { TokenContext } from '../tokens/token-context.ts';
import type { ServedToken } from '../tokens/token-memory.ts';

const timeouts: ReadonlySet<string> = new Set([
  'ETIMEDOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/**
 * Reads from a connection's environment, for the hub's own proofs. A 401 is healed once by another token.
 *
 * @throws HubError `crm_refused`, `crm_unavailable`, `crm_timeout`, `crm_nonsense`, and those of `getAccessToken`
 */
export async function callEnvironment(
  context: TokenContext,
  connectionId: string,
  token: ServedToken,
  proof: Pick<Proof, 'path' | 'headers'>,
): Promise<OutboundResponse> {
  let answer = await request(context, token, proof);
  if (answer.status === unauthorized) {
    const healed = await healRejectedToken(context, connectionId, token.accessToken);
    answer = await request(context, healed, proof);
  }
  if (answer.status >= firstRedirect) throw context.provider.explainRefusal(answer);
  return answer;
}

async function request(
  context: TokenContext,
  token: ServedToken,
  { path, headers }: Pick<Proof, 'path' | 'headers'>,
): Promise<OutboundResponse> {
  try {
    return await context.outbound.request(`${token.environmentUrl}${path}`, {
      method: 'GET',
      headers: { authorization: `Bearer ${token.accessToken}`, ...headers },
      timeoutMilliseconds: token.requestTimeoutSeconds * millisecondsPerSecond,
    });
  } catch (error) {
    if (error instanceof OutboundError) throw describeNetworkFailure(error);
    throw error;
  }
}

/** @returns the failure of a call to an environment that got no whole answer */
export function describeNetworkFailure(error: OutboundError): HubError {
  return describeOutboundError(error, {
    code: timeouts.has(error.code) ? 'crm_timeout' : 'crm_unavailable',
    side: 'environment',
    detail: `No whole answer came from the environment: ${error.message}`,
  });
}

/** @returns whether a connection failed because of the certificate or TLS itself, by the code of Node or OpenSSL */
export function isTlsFailure(code: string): boolean {
  return /^(?:CERT_|ERR_TLS|ERR_SSL|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_(?:GET|VERIFY)_|HOSTNAME_MISMATCH|EPROTO)/.test(
    code,
  );
}
