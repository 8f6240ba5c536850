import type { DataverseCall } from '../call/dataverse-call.ts';
import type { Conditions } from '../records/check-precondition.ts';
import type { JsonObject } from '../records/read-payload.ts';

/** One request, after its caller and its resource are known. */
export interface WebApiRequest {
  call: DataverseCall;
  /** The whole address without the query, e.g. `http://localhost:4481/api/data/v9.2/accounts`. */
  url: string;
  /** The query as sent, without the question mark. */
  query: string;
  conditions: Conditions;
  /** @throws DataverseError 400 or 415 when the body is no JSON object */
  readBody(): JsonObject;
}

/** What goes back: `json`, or `text` under its own content type, or no body. */
export interface Answer {
  status: number;
  headers?: Record<string, string>;
  json?: object;
  text?: { contentType: string; content: string };
}

/** `Preference-Applied` (RFC 7240 §3) with what was heeded; no header when that is nothing. */
export function preferenceApplied(...applied: (string | false | null)[]): Record<string, string> {
  const preferences = applied.filter((preference) => typeof preference === 'string');
  return preferences.length > 0 ? { 'Preference-Applied': preferences.join(',') } : {};
}

/** The annotations preference as it is confirmed; null when it was not sent. */
export function annotationsApplied({ preferences }: DataverseCall): string | null {
  const { includeAnnotations } = preferences;
  return includeAnnotations === null ? null : `odata.include-annotations="${includeAnnotations}"`;
}

/** The address of a row: `…/api/data/v9.2/accounts(…)`. */
export function recordUrl({ serviceRoot }: DataverseCall, entitySet: string, id: string): string {
  return `${serviceRoot}/${entitySet}(${id})`;
}
