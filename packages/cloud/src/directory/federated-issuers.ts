import { isAnything, listOf, objectOf, readRow, recordOf } from '../ground/read-row.ts';
import { type Directory, selectAll, selectOne } from './open-directory.ts';

/** An issuer of assertions outside this cloud, whose keys were handed in instead of fetched. */
export interface FederatedIssuer {
  issuer: string;
  /** RFC 7517 §5. */
  jwks: { keys: Record<string, unknown>[] };
}

const jwksSchema = objectOf<FederatedIssuer['jwks']>({ keys: listOf(recordOf(isAnything)) });

/** Stores an issuer's keys, in place of those before. */
export function storeFederatedIssuer(directory: Directory, { issuer, jwks }: FederatedIssuer): void {
  directory
    .prepare('INSERT OR REPLACE INTO federated_issuers (issuer, jwks) VALUES (?, ?)')
    .run(issuer, JSON.stringify(jwks));
}

export function findFederatedIssuer(directory: Directory, issuer: string): FederatedIssuer | undefined {
  const row = selectOne<{ issuer: string; jwks: string }>(
    directory,
    'SELECT issuer, jwks FROM federated_issuers WHERE issuer = ?',
    issuer,
  );
  return row && { issuer: row.issuer, jwks: readRow(jwksSchema, row.jwks) };
}

export function listFederatedIssuers(directory: Directory): FederatedIssuer[] {
  return selectAll<{ issuer: string; jwks: string }>(
    directory,
    'SELECT issuer, jwks FROM federated_issuers ORDER BY issuer',
  ).map(({ issuer, jwks }) => ({ issuer, jwks: readRow(jwksSchema, jwks) }));
}
