import { aadsts } from '@latchkey/microsoft';
import type { Parameters } from '../../web/parse-form.ts';
import { EntraError } from '../errors/entra-error.ts';

/** @throws EntraError 900144 when the parameter is missing */
export function requireParameter(parameters: Parameters, name: string): string {
  const value = parameters.get(name);
  if (value === undefined) throw new EntraError(aadsts.missingParameter, { parameter: name });
  return value;
}
