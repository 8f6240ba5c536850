import { dataverseErrors } from '@latchkey/microsoft';

/** Every error of the Web API: HTTP status and `error.code` (Dataverse "Web service error codes"). */
const errors = {
  /** A query or URL that names what is not there or can't be read. */
  badQuery: { status: 400, code: dataverseErrors.invalidODataRequest },
  badUrl: { status: 400, code: '0x8006088a' },
  unsupportedParameter: { status: 400, code: '0x0' },
  invalidArgument: { status: 400, code: dataverseErrors.invalidArgument },
  badPayload: { status: 400, code: dataverseErrors.errorInPayload },
  textTooLong: { status: 400, code: dataverseErrors.stringLengthTooLong },
  integerOutOfRange: { status: 400, code: dataverseErrors.integerValueOutOfRange },
  decimalOutOfRange: { status: 400, code: dataverseErrors.decimalValueOutOfRange },
  choiceOutOfRange: { status: 400, code: '0x8004431a' },
  statusOutOfState: { status: 400, code: '0x80048408' },
  notAMember: { status: 403, code: dataverseErrors.userNotMemberOfOrganization },
  noRoles: { status: 403, code: dataverseErrors.userNotAssignedRoles },
  noLicence: { status: 403, code: dataverseErrors.userNotAssignedLicense },
  userDisabled: { status: 403, code: dataverseErrors.userNotEnabled },
  privilegeDenied: { status: 403, code: dataverseErrors.privilegeDenied },
  unknownSegment: { status: 404, code: dataverseErrors.invalidODataRequest },
  recordNotFound: { status: 404, code: dataverseErrors.objectDoesNotExist },
  keyNotFound: { status: 404, code: dataverseErrors.recordNotFoundByEntityKey },
  methodNotAllowed: { status: 405, code: dataverseErrors.notSupported },
  operationNotAllowed: { status: 405, code: dataverseErrors.invalidOperation },
  stillAssociated: { status: 405, code: dataverseErrors.cannotDeleteDueToAssociation },
  versionMismatch: { status: 412, code: dataverseErrors.concurrencyVersionMismatch },
  duplicateRecord: { status: 412, code: dataverseErrors.duplicateRecord },
  duplicateKey: { status: 412, code: dataverseErrors.duplicateRecordEntityKey },
  tooLarge: { status: 413, code: dataverseErrors.requestLengthTooLarge },
  unsupportedMediaType: { status: 415, code: dataverseErrors.invalidODataRequest },
  unexpected: { status: 500, code: dataverseErrors.unexpectedError },
  /** In the contract of the real Web API, not yet in this one. */
  notAvailable: { status: 501, code: dataverseErrors.invalidODataRequest },
} as const;

export type DataverseErrorName = keyof typeof errors;

/** A refusal that the edge answers as `{"error":{"code","message"}}` with the status of its name. */
export class DataverseError extends Error {
  readonly status: number;
  /** Hex text, as in `error.code`. */
  readonly code: string;
  /** Headers that belong to this refusal, e.g. `Allow`. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    name: DataverseErrorName,
    message: string,
    { headers = {}, ...options }: ErrorOptions & { headers?: Record<string, string> } = {},
  ) {
    super(message, options);
    this.name = 'DataverseError';
    this.status = errors[name].status;
    this.code = errors[name].code;
    this.headers = headers;
  }
}

/** What the real Web API can do and this one can't yet: said plainly, never answered wrongly. */
export function notAvailable(what: string): DataverseError {
  return new DataverseError('notAvailable', `${what} is not available in the local Dataverse.`);
}
