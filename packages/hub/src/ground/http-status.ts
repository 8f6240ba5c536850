/** The statuses that the hub tells apart, by the names that RFC 9110 §15 gives them. */
export const ok = 200;
export const seeOther = 303;
export const badRequest = 400;
export const unauthorized = 401;
export const forbidden = 403;
export const notFound = 404;
export const proxyAuthenticationRequired = 407;
export const requestTimeout = 408;
export const conflict = 409;
export const tooManyRequests = 429;
export const internalServerError = 500;

/** Anything from here on is no success. */
export const firstRedirect = 300;
/** Anything from here on is the server's own fault, and may pass. */
export const firstServerError = 500;
