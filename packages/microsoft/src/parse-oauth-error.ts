import type { AadstsEntry, FailureNature } from './aadsts/aadsts-entry.ts';
import { lookUpAadsts } from './aadsts.ts';
import { decideOAuthErrorNature } from './oauth-error-nature.ts';
import { readJsonObject } from './read-json-object.ts';

/** What Microsoft Entra ID said, taken apart. Texts are the server's own and are to be shown as text, never as HTML. */
export interface OAuthErrorDetails {
  /** RFC 6749 §5.2 or §4.1.2.1. */
  readonly error: string;
  readonly suberror?: string;
  /** The AADSTS numbers, in the order given. Older answers combine several; the last is the particular one. */
  readonly codes: number[];
  /** The description up to "Trace ID", verbatim. */
  readonly message: string;
  /** The whole description, verbatim. */
  readonly description: string;
  readonly traceId?: string;
  readonly correlationId?: string;
  /** As the server writes it: `2026-01-09 02:02:12Z`. */
  readonly timestamp?: string;
  /** The claims challenge (JSON) to be sent with the next authorize request. */
  readonly claims?: string;
  /** What is known about the particular code. */
  readonly entry?: AadstsEntry;
  readonly nature: FailureNature;
}

/** An answer of a token or device code endpoint. */
export interface TokenEndpointAnswer {
  readonly status: number;
  /** The header's value; null or undefined where there is none. */
  readonly contentType: string | null | undefined;
  readonly body: string;
}

/**
 * Reads the error answer of a token or device code endpoint (RFC 6749 §5.2, with Microsoft's additions). Gateways send
 * JSON on as text, as octets, or as a page; no page is JSON.
 *
 * @returns undefined when it is not an OAuth error in JSON: HTML, or cut off.
 */
export function parseOAuthError(answer: TokenEndpointAnswer): OAuthErrorDetails | undefined {
  const body = readJsonObject(answer.body);
  if (!body) return undefined;
  const error = textOf(body.error);
  if (!error) return undefined;
  const codes = Array.isArray(body.error_codes) ? body.error_codes.filter(isCode) : [];
  return describe({
    status: answer.status,
    error,
    suberror: textOf(body.suberror),
    description: textOf(body.error_description) ?? '',
    codes,
    traceId: textOf(body.trace_id),
    correlationId: textOf(body.correlation_id),
    timestamp: textOf(body.timestamp),
    claims: textOf(body.claims),
  });
}

/**
 * Reads the error that the authorize or admin-consent endpoint puts into the callback (RFC 6749 §4.1.2.1).
 *
 * @returns undefined when the parameters carry no `error`. `admin_consent=True` says nothing: a refusal has it too.
 */
export function parseOAuthErrorParameters(params: URLSearchParams): OAuthErrorDetails | undefined {
  const error = params.get('error');
  if (!error) return undefined;
  return describe({
    error,
    suberror: params.get('error_subcode') ?? undefined,
    description: params.get('error_description') ?? '',
    codes: [],
    claims: params.get('claims') ?? undefined,
  });
}

interface RawOAuthError {
  status?: number;
  error: string;
  suberror: string | undefined;
  description: string;
  codes: number[];
  traceId?: string | undefined;
  correlationId?: string | undefined;
  timestamp?: string | undefined;
  claims: string | undefined;
}

function describe(raw: RawOAuthError): OAuthErrorDetails {
  const { error, suberror, description, claims } = raw;
  const codes = raw.codes.length > 0 ? raw.codes : codesIn(description);
  const entry = codes.map(lookUpAadsts).findLast((found) => found !== undefined);
  const traceId = raw.traceId ?? /Trace ID: ([0-9a-f-]{36})/i.exec(description)?.[1];
  const correlationId = raw.correlationId ?? /Correlation ID: ([0-9a-f-]{36})/i.exec(description)?.[1];
  const timestamp =
    raw.timestamp ?? /Timestamp: (\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?:\.\d+)?Z)/.exec(description)?.[1];
  return {
    error,
    ...(suberror && { suberror }),
    codes,
    message: messageOf(description),
    description,
    ...(traceId && { traceId }),
    ...(correlationId && { correlationId }),
    ...(timestamp && { timestamp }),
    ...(claims && { claims }),
    ...(entry && { entry }),
    nature: decideOAuthErrorNature({ status: raw.status, error, suberror, codes }).nature,
  };
}

/** Everything before the ids. They follow on new lines in older answers and after a blank in newer ones. */
function messageOf(description: string): string {
  const end = description.indexOf('Trace ID:');
  return (end === -1 ? description : description.slice(0, end)).trim();
}

function codesIn(description: string): number[] {
  return [...messageOf(description).matchAll(/AADSTS(\d{1,9})/g)].map((match) => Number(match[1]));
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function isCode(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value);
}
