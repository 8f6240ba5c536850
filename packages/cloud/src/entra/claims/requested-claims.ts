import { aadsts } from '@latchkey/microsoft';
import { isRecord, parseJson } from '../../ground/json.ts';
import { EntraError } from '../errors/entra-error.ts';
import type { RequestedClaims } from '../stored/authorization-codes.ts';

export const noRequestedClaims: RequestedClaims = { idToken: [], capabilities: [] };

/**
 * @param claims the parameter as sent
 * @throws EntraError 90013 when it is no JSON object
 */
export function readRequestedClaims(claims: string | undefined): RequestedClaims {
  if (claims === undefined) return noRequestedClaims;
  const asked = parseJson(claims);
  if (!isRecord(asked)) throw new EntraError(aadsts.invalidUserInput, { parameter: 'claims' });
  return {
    idToken: isRecord(asked.id_token) ? Object.keys(asked.id_token) : [],
    capabilities: isRecord(asked.access_token) ? valuesOf(asked.access_token.xms_cc) : [],
  };
}

function valuesOf(claim: unknown): string[] {
  if (!isRecord(claim) || !Array.isArray(claim.values)) return [];
  return claim.values.filter((value): value is string => typeof value === 'string');
}
