import type { DataverseErrorEntry } from './dataverse/dataverse-error-entry.ts';
import { lookUpDataverseError, normaliseDataverseCode } from './dataverse-errors.ts';
import { isTransientStatus } from './failure-status.ts';
import { isObject, readJsonObject } from './read-json-object.ts';

/** An error answer of the Dataverse Web API. */
export interface DataverseErrorDetails {
  /** Lower-case hexadecimal, or '' where the answer carries none. */
  readonly code: string;
  /** The server's own words. */
  readonly message: string;
  readonly entry?: DataverseErrorEntry;
  /** By the code where it is known (a plug-in's 500 does not pass by itself), else by the HTTP status. */
  readonly nature: 'transient' | 'terminal';
}

/**
 * Reads the error envelope of the Web API, `{"error":{"code":"0x80040217","message":"…"}}`.
 *
 * @returns undefined when the body is something else: empty, HTML, cut off.
 * Source: "Compose HTTP requests and handle errors: Parse errors from the response".
 */
export function parseDataverseError(answer: {
  status: number;
  body: string;
}): DataverseErrorDetails | undefined {
  const error = readJsonObject(answer.body)?.error;
  if (!isObject(error) || typeof error.message !== 'string') return undefined;
  const { code, message } = error;
  const rawCode = typeof code === 'string' || typeof code === 'number' ? String(code) : '';
  const entry = lookUpDataverseError(rawCode);
  return {
    code: normaliseDataverseCode(rawCode),
    message,
    ...(entry && { entry }),
    nature: entry?.nature ?? (isTransientStatus(answer.status) ? 'transient' : 'terminal'),
  };
}
