import type { Dispatcher } from 'undici';

/**
 * How long an answer's head may be: one of the Web API may repeat an address (`Location`, `OData-EntityId`), of which
 * Dataverse takes 32,768 characters.
 */
export const longestAnswerHeadBytes = 64 * 1024;

export interface OutboundRequest {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE' | 'HEAD';
  headers?: Record<string, string>;
  body?: string;
  /** Default 20 000. Counts from the connection to the last byte. */
  timeoutMilliseconds?: number;
}

/** A whole answer; redirects are not followed, bodies over 1 MB are cut off with an error. */
export interface OutboundResponse {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/**
 * All calls that the hub makes. Addresses of the configured cloud are reached as they are; addresses that people
 * typed must be https and must not lead to a private, loopback or link-local address, which is checked when the
 * connection is made (so a name that resolves elsewhere later gains nothing). Through a proxy, which resolves the names
 * itself, the hub judges a name by what its own name service says of it.
 */
export interface OutboundHttp {
  /** @throws HubError `address_not_allowed`; OutboundError when no whole answer came */
  request(url: string, request: OutboundRequest): Promise<OutboundResponse>;
  /**
   * The keep-alive pool of an origin, with the same rule; for proxied calls.
   *
   * @throws HubError `address_not_allowed`; requests fail with it, too, and with OutboundError on the way to a proxy
   */
  pool(origin: string): Dispatcher;
  close(): Promise<void>;
}

/** No whole answer came: refused, reset, timed out, TLS refused, cut off, too large, or there is no way out. */
export class OutboundError extends Error {
  /** `ECONNREFUSED`, `ETIMEDOUT`, `CERT_HAS_EXPIRED`, `UND_ERR_SOCKET`, `ANSWER_TOO_LARGE`, `PROXY_REFUSED`, … */
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'OutboundError';
    this.code = code;
  }
}
