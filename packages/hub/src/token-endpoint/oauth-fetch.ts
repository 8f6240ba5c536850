import type { CustomFetch } from 'openid-client';
import { parseJson } from '../ground/parse-json.ts';
import type { OutboundHttp, OutboundResponse } from '../outbound/outbound-http.ts';

/** What came back last, as it came: openid-client keeps neither the body of a refusal nor the cause of no answer. */
export interface OAuthExchange {
  fetch: CustomFetch;
  /** The parameters of the last request. */
  sent: URLSearchParams;
  answer: OutboundResponse | null;
  error: unknown;
}

/**
 * Sends openid-client's requests through the hub's one way out, and keeps what came back so that a refusal can be
 * told in Microsoft's words.
 */
export function createOAuthExchange(outbound: OutboundHttp): OAuthExchange {
  const exchange: OAuthExchange = {
    sent: new URLSearchParams(),
    answer: null,
    error: null,
    async fetch(url, { method, headers, body }) {
      if (body instanceof URLSearchParams) exchange.sent = body;
      try {
        const answer = await outbound.request(url, {
          method: method === 'POST' ? 'POST' : 'GET',
          headers,
          ...(body instanceof URLSearchParams && { body: body.toString() }),
        });
        exchange.answer = answer;
        // No body at all for the statuses that may have none (204, 304).
        return new Response(answer.body === '' ? null : adaptTokenAnswer(answer), {
          status: answer.status,
          headers: { 'content-type': answer.headers['content-type'] ?? '' },
        });
      } catch (error) {
        exchange.error = error;
        throw error;
      }
    },
  };
  return exchange;
}

/**
 * Takes out of a token answer what would make openid-client refuse a good one: the id_token, which the hub does not
 * use (v1's is unsigned, and who signed in is read from the access token), and members that are null or, for
 * `expires_in`, no number.
 */
function adaptTokenAnswer(answer: OutboundResponse): string {
  // A page or a cut-off body is left as it is: openid-client refuses it by its own rules.
  const body = parseJson(answer.body);
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return answer.body;
  const kept = Object.entries(body).filter(
    ([name, value]) =>
      name !== 'id_token' && value !== null && !(name === 'expires_in' && !(Number(value) > 0)),
  );
  return JSON.stringify(Object.fromEntries(kept));
}
