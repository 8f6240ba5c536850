/** The statuses of HTTP that the cloud answers with (RFC 9110 §15, RFC 6585 §4). */
export const httpStatus = {
  ok: 200,
  created: 201,
  noContent: 204,
  found: 302,
  seeOther: 303,
  badRequest: 400,
  unauthorized: 401,
  forbidden: 403,
  notFound: 404,
  unsupportedMediaType: 415,
  tooManyRequests: 429,
  serverError: 500,
  notImplemented: 501,
  serviceUnavailable: 503,
  gatewayTimeout: 504,
} as const;
