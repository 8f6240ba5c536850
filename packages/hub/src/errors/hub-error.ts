import { hubErrors } from './hub-error-table.ts';

export type HubErrorCode = keyof typeof hubErrors;

/** What the remote system said, in its own words less the secrets sent to it; the shape that the API shows. */
export interface RemoteError {
  system: 'entra' | 'graph' | 'dataverse' | 'network';
  code: string | null;
  oauthError: string | null;
  message: string;
  httpStatus: number | null;
  traceId: string | null;
  correlationId: string | null;
  timestamp: string | null;
  helpLink: string | null;
}

export interface HubErrorOptions {
  /** What happened in this very case; the table's title says it in general. Never carries a secret. */
  detail?: string;
  /** Overrides the table's remedy where the remote error tells a better one (AADSTS, Dataverse). */
  remedy?: string;
  whoActs?: WhoActs;
  remote?: RemoteError;
  /** Field errors of a refused body, by JSON path. */
  fields?: { path: string; message: string }[];
  cause?: unknown;
}

export type WhoActs = 'user' | 'administrator' | 'developer' | 'operator' | 'nobody';

/** A failure with a stable code; only the HTTP edge turns it into `application/problem+json` (RFC 9457). */
export class HubError extends Error {
  readonly code: HubErrorCode;
  readonly options: HubErrorOptions;

  constructor(code: HubErrorCode, options: HubErrorOptions = {}) {
    super(options.detail ?? hubErrors[code].title, { cause: options.cause });
    this.name = 'HubError';
    this.code = code;
    this.options = options;
  }
}

/** A failure as the API, a stored state and a test step show it. */
export interface Failure {
  code: string;
  title: string;
  detail: string;
  whoActs: WhoActs;
  remedy: string;
  remote: RemoteError | null;
}

export function toFailure(error: HubError): Failure {
  const entry = hubErrors[error.code];
  return {
    code: error.code,
    title: entry.title,
    detail: error.message,
    whoActs: error.options.whoActs ?? entry.whoActs,
    remedy: error.options.remedy ?? entry.remedy,
    remote: error.options.remote ?? null,
  };
}
