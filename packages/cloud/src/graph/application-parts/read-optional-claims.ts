import type { GraphResource } from '../operation/graph-operation.ts';
import { readFlag, readList, readRecord, readText, readTextOrNull } from '../operation/read-body.ts';

const tokens = ['idToken', 'accessToken', 'saml2Token'];
const maximumTextLength = 256;

/** Reads `optionalClaims`. What a client leaves out is kept with its empty value, as reads show it. @throws GraphError 400 */
export function readOptionalClaims(value: unknown, property: string): GraphResource {
  const given = readRecord(value, property, tokens);
  return Object.fromEntries(
    tokens.map((token) => [token, readList(given[token] ?? [], `${property}.${token}`, readClaim)]),
  );
}

function readClaim(item: unknown, property: string): GraphResource {
  const claim = readRecord(item, property, ['name', 'source', 'essential', 'additionalProperties']);
  return {
    name: readText(claim.name, `${property}.name`, maximumTextLength),
    source: readTextOrNull(claim.source ?? null, `${property}.source`, maximumTextLength),
    essential: readFlag(claim.essential ?? false, `${property}.essential`),
    additionalProperties: readList(
      claim.additionalProperties ?? [],
      `${property}.additionalProperties`,
      (text, name) => readText(text, name, maximumTextLength),
    ),
  };
}
