/** Every error of the Web API: HTTP status and `error.code` (Dataverse "Web service error codes"). */
const errors = {
  /** A query or URL that names what is not there or can't be read. */
  badQuery: { status: 400, code: '0x80060888' },
  badUrl: { status: 400, code: '0x8006088a' },
  unsupportedParameter: { status: 400, code: '0x0' },
  invalidArgument: { status: 400, code: '0x80040203' },
  badPayload: { status: 400, code: '0x80048d19' },
  textTooLong: { status: 400, code: '0x80044331' },
  integerOutOfRange: { status: 400, code: '0x8004432f' },
  decimalOutOfRange: { status: 400, code: '0x80044330' },
  choiceOutOfRange: { status: 400, code: '0x8004431a' },
  statusOutOfState: { status: 400, code: '0x80048408' },
  notAMember: { status: 403, code: '0x80072560' },
  noRoles: { status: 403, code: '0x80042f09' },
  noLicence: { status: 403, code: '0x8004d24b' },
  userDisabled: { status: 403, code: '0x80040225' },
  privilegeDenied: { status: 403, code: '0x80040220' },
  unknownSegment: { status: 404, code: '0x80060888' },
  recordNotFound: { status: 404, code: '0x80040217' },
  keyNotFound: { status: 404, code: '0x80060891' },
  methodNotAllowed: { status: 405, code: '0x80040315' },
  operationNotAllowed: { status: 405, code: '0x8004023b' },
  stillAssociated: { status: 405, code: '0x80040227' },
  versionMismatch: { status: 412, code: '0x80060882' },
  duplicateRecord: { status: 412, code: '0x80040237' },
  duplicateKey: { status: 412, code: '0x80060892' },
  tooLarge: { status: 413, code: '0x8004418a' },
  unsupportedMediaType: { status: 415, code: '0x80060888' },
  unexpected: { status: 500, code: '0x80040216' },
  /** In the contract of the real Web API, not yet in this one. */
  notAvailable: { status: 501, code: '0x80060888' },
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
