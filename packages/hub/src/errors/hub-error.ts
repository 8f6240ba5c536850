import type { Failure, RemoteError, WhoActs } from '@latchkey/api';
import { hubErrors } from './hub-error-table.ts';

export type HubErrorCode = keyof typeof hubErrors;

export interface HubErrorOptions {
  /** What happened in this very case; the table's title says it in general. Never carries a secret. */
  detail?: string;
  /** Overrides the table's remedy where the remote error tells a better one (AADSTS, the Web API's codes). */
  remedy?: string;
  whoActs?: WhoActs;
  remote?: RemoteError;
  /** Whom the hub was calling, where the code alone does not tell: whose answer will end the failure. */
  side?: 'token' | 'environment';
  /** In how long to ask again, where that is known: the answer's `Retry-After`. */
  retryAfterMilliseconds?: number;
  /** What an API key lacks: the answer's `WWW-Authenticate` names it. */
  missingScope?: string;
  /** Field errors of a refused body, by JSON path. */
  fields?: { path: string; message: string }[];
  cause?: unknown;
}

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

/** @returns the same failure, which says in how long to ask again */
export function withRetryAfter(error: HubError, milliseconds: number): HubError {
  return new HubError(error.code, { ...error.options, retryAfterMilliseconds: milliseconds });
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
