import type { ApplicationDocument } from '../../directory/application-document.ts';
import { isRecord } from '../../ground/json.ts';

/** A claim that an application lists under `optionalClaims`. */
export interface OptionalClaim {
  name: string;
  /** What changes the claim's form, such as `use_guid`. */
  additionalProperties: readonly unknown[];
}

/** The optional claims that an application lists for a kind of token. */
export function listOptionalClaims(
  { optionalClaims }: Pick<ApplicationDocument, 'optionalClaims'>,
  token: 'accessToken' | 'idToken',
): OptionalClaim[] {
  const listed: unknown = isRecord(optionalClaims) ? optionalClaims[token] : undefined;
  if (!Array.isArray(listed)) return [];
  return listed.flatMap((claim: unknown) => {
    if (!isRecord(claim) || typeof claim.name !== 'string') return [];
    const { additionalProperties } = claim;
    return {
      name: claim.name,
      additionalProperties: Array.isArray(additionalProperties) ? additionalProperties : [],
    };
  });
}

/** Whether a claim is listed, and with this addition where one is named. */
export function hasOptionalClaim(claims: readonly OptionalClaim[], name: string, addition?: string): boolean {
  return claims.some(
    (claim) =>
      claim.name === name && (addition === undefined || claim.additionalProperties.includes(addition)),
  );
}
