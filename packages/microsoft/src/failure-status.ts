const requestTimeout = 408;
const tooManyRequests = 429;
const firstServerError = 500;

/**
 * Whether an HTTP status says by itself that the same request can succeed later: 408, 429 and every 5xx, whatever the
 * body says (RFC 9110 §15.5.9, §15.6; RFC 6585 §4).
 */
export function isTransientStatus(status: number): boolean {
  return status === requestTimeout || status === tooManyRequests || status >= firstServerError;
}
