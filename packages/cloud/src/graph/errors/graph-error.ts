/** The codes of Microsoft Graph's errors that this part of Graph answers with. */
export type GraphErrorCode =
  | 'BadRequest'
  | 'Request_BadRequest'
  | 'CredentialInvalidLifetimeAsPerAppPolicy'
  | 'CredentialTypeNotAllowedAsPerAppPolicy'
  | 'Request_UnsupportedQuery'
  | 'Directory_ExpiredPageToken'
  | 'InvalidAuthenticationToken'
  | 'Authentication_MissingOrMalformed'
  | 'Authorization_RequestDenied'
  | 'Request_ResourceNotFound'
  | 'Request_MultipleObjectsWithSameKeyValue'
  | 'TooManyRequests'
  | 'serviceNotAvailable'
  | 'FailedDependency'
  | 'NotImplemented'
  | 'ImageNotFound'
  | 'InternalServerError';

export interface GraphErrorDetail {
  code: string;
  message: string;
  target: string;
}

/** A refusal in Microsoft Graph's own terms; the edge gives it Graph's envelope (concepts/errors). */
export class GraphError extends Error {
  readonly status: number;
  readonly code: GraphErrorCode;
  readonly details: readonly GraphErrorDetail[];

  constructor(
    status: number,
    code: GraphErrorCode,
    message: string,
    details: readonly GraphErrorDetail[] = [],
  ) {
    super(message);
    this.name = 'GraphError';
    this.status = status;
    this.code = code;
    this.details = details;
  }
}

export function badRequest(message: string, ...details: GraphErrorDetail[]): GraphError {
  return new GraphError(400, 'Request_BadRequest', message, details);
}

/** A property of the body that can't be taken, with the reason in words and the property as target. */
export function invalidValue(property: string, reason: string): GraphError {
  const message = `Invalid value specified for property '${property}'. ${reason}`;
  return badRequest(message, { code: 'InvalidValue', message, target: property });
}

/** A value that has to be unique, and another object has. */
export function propertyConflict(property: string): GraphError {
  const message = `Another object with the same value for property ${property} already exists.`;
  return badRequest(message, { code: 'ObjectConflict', message, target: property });
}

/** A property that an update would change, and may not. */
export function readOnlyProperty(name: string): GraphError {
  const message = `Property '${name}' is read-only and cannot be set.`;
  return badRequest(message, { code: 'InvalidValue', message, target: name });
}

/** What the real Graph can do and this one can't: said plainly, never answered wrongly. */
export function notAvailable(what: string): GraphError {
  return new GraphError(501, 'NotImplemented', `${what} is not available in the local Microsoft Graph.`);
}

export function resourceNotFound(id: string): GraphError {
  return new GraphError(
    404,
    'Request_ResourceNotFound',
    `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`,
  );
}

export function accessDenied(): GraphError {
  return new GraphError(
    403,
    'Authorization_RequestDenied',
    'Insufficient privileges to complete the operation.',
  );
}
