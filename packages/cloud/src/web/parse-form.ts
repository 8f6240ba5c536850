/** The parameters of a form body or a query; every name at most once. */
export type Parameters = ReadonlyMap<string, string>;

/** Why a form or a query can't be read. */
export type FormFault = 'repeated_parameter' | 'broken_escape' | 'too_long';

/** A form or a query that can't be read; each service says so in its own words. */
export class FormError extends Error {
  override readonly name = 'FormError';
  readonly fault: FormFault;

  constructor(fault: FormFault, options?: ErrorOptions) {
    super(`The form or query could not be read: ${fault}.`, options);
    this.fault = fault;
  }
}

/** The real limit is not documented; people met it at about half of this. */
const longestQuery = 8192;

/**
 * Reads `application/x-www-form-urlencoded` text: `+` is a blank, empty values count as absent (RFC 6749 §3.1).
 *
 * @throws FormError when a parameter is repeated (RFC 6749 §3.1) or an escape is broken
 */
export function parseForm(text: string): Parameters {
  const parameters = new Map<string, string>();
  for (const pair of text.split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const name = decode(equals < 0 ? pair : pair.slice(0, equals));
    const value = equals < 0 ? '' : decode(pair.slice(equals + 1));
    if (parameters.has(name)) throw new FormError('repeated_parameter');
    parameters.set(name, value);
  }
  for (const [name, value] of parameters) if (value === '') parameters.delete(name);
  return parameters;
}

/**
 * The parameters of a request's query string.
 *
 * @throws FormError when it is too long, and those of parseForm
 */
export function parseQuery(url: string): Parameters {
  const start = url.indexOf('?');
  const query = start < 0 ? '' : url.slice(start + 1);
  if (query.length > longestQuery) throw new FormError('too_long');
  return parseForm(query);
}

function decode(text: string): string {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text;
  if (!spaced.includes('%')) return spaced;
  try {
    return decodeURIComponent(spaced);
  } catch (error) {
    if (error instanceof URIError) throw new FormError('broken_escape', { cause: error });
    throw error;
  }
}
