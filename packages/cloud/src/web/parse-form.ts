import { EntraError } from '../entra/errors/entra-error.ts';

/** The parameters of a form body or a query; every name at most once. */
export type Parameters = ReadonlyMap<string, string>;

/** The real limit is not documented; people met it at about half of this. */
const longestQuery = 8192;

/**
 * Reads `application/x-www-form-urlencoded` text: `+` is a blank, empty values count as absent (RFC 6749 §3.1).
 *
 * @throws EntraError 90023 when a parameter is repeated (RFC 6749 §3.1), 90004 when an escape is broken
 */
export function parseForm(text: string): Parameters {
  const parameters = new Map<string, string>();
  for (const pair of text.split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const name = decode(equals < 0 ? pair : pair.slice(0, equals));
    const value = equals < 0 ? '' : decode(pair.slice(equals + 1));
    if (parameters.has(name)) throw new EntraError(90023);
    parameters.set(name, value);
  }
  for (const [name, value] of parameters) if (value === '') parameters.delete(name);
  return parameters;
}

/**
 * The parameters of a request's query string.
 *
 * @throws EntraError 90015 when it is too long, and those of parseForm
 */
export function parseQuery(url: string): Parameters {
  const start = url.indexOf('?');
  const query = start < 0 ? '' : url.slice(start + 1);
  if (query.length > longestQuery) throw new EntraError(90015);
  return parseForm(query);
}

/** @throws EntraError 900144 when the parameter is missing */
export function requireParameter(parameters: Parameters, name: string): string {
  const value = parameters.get(name);
  if (value === undefined) throw new EntraError(900144, { parameter: name });
  return value;
}

function decode(text: string): string {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text;
  if (!spaced.includes('%')) return spaced;
  try {
    return decodeURIComponent(spaced);
  } catch (error) {
    if (error instanceof URIError) throw new EntraError(90004);
    throw error;
  }
}
