import { aadsts } from '@latchkey/microsoft';
import { type Parameters, parseForm } from '../../web/parse-form.ts';
import { EntraError } from '../errors/entra-error.ts';
import { requireParameter } from '../http/require-parameter.ts';

/** How a client names itself at the token endpoint, and what it proves it with. */
export interface ClientCredentials {
  clientId: string;
  secret: string | undefined;
  /** A signed assertion instead of a secret (RFC 7523 §2.2). */
  assertion: string | undefined;
}

const jwtBearer = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const basicScheme = /^basic +([a-z0-9+/=_-]+)$/i;

/**
 * Reads the credentials from the body or from HTTP Basic (RFC 6749 §2.3.1: there, both halves are form-encoded).
 *
 * @throws EntraError 900144 when no client or no kind of assertion is named, 90013 for another kind than a JWT and for
 * two clients, 90014 and 90004 when the header names no client or can't be read
 */
export function readClientCredentials(
  form: Parameters,
  authorization: string | undefined,
): ClientCredentials {
  const basic = authorization === undefined ? undefined : readBasic(authorization);
  const named = form.get('client_id');
  if (basic && named !== undefined && named.toLowerCase() !== basic.clientId.toLowerCase()) {
    throw new EntraError(aadsts.invalidUserInput, { parameter: 'client_id' });
  }
  return {
    clientId: basic?.clientId ?? requireParameter(form, 'client_id'),
    secret: form.get('client_secret') ?? basic?.secret,
    assertion: readAssertion(form),
  };
}

function readAssertion(form: Parameters): string | undefined {
  const assertion = form.get('client_assertion');
  if (assertion === undefined) return undefined;
  if (requireParameter(form, 'client_assertion_type') !== jwtBearer) {
    throw new EntraError(aadsts.invalidUserInput, { parameter: 'client_assertion_type' });
  }
  return assertion;
}

function readBasic(authorization: string): { clientId: string; secret: string | undefined } | undefined {
  const [, encoded] = basicScheme.exec(authorization) ?? [];
  if (!encoded) return undefined;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  if (colon < 1) throw new EntraError(aadsts.missingRequiredField, { parameter: 'client_id' });
  const halves = parseForm(`id=${text.slice(0, colon)}&secret=${text.slice(colon + 1)}`);
  return { clientId: requireParameter(halves, 'id'), secret: halves.get('secret') };
}
