import { findApplicationByAppId } from '../../directory/applications.ts';
import type { Directory } from '../../directory/open-directory.ts';
import { readAssertion } from '../../jwt/read-jwt.ts';
import type { IssuerKeys } from '../federation/issuer-keys.ts';
import type { FindIssuerKeys } from '../federation/remember-issuer-keys.ts';
import type { ClientCredentials } from './read-client-credentials.ts';

/**
 * Finds the keys of the issuer that made a client's assertion, before the grant is looked at: fetching them takes time,
 * and the grant is judged at one moment. Only issuers that the app trusts are asked.
 *
 * @returns undefined when the client proves itself otherwise, or its app trusts no such issuer
 */
export async function findAssertionKeys(
  { directory, findIssuerKeys }: { directory: Directory; findIssuerKeys: FindIssuerKeys },
  { clientId, assertion }: ClientCredentials,
): Promise<IssuerKeys | undefined> {
  const read = assertion === undefined ? undefined : readAssertion(assertion);
  const issuer = read?.claims.iss;
  if (!read || typeof issuer !== 'string') return undefined;
  const application = findApplicationByAppId(directory, clientId);
  const trusted = application?.document.federatedIdentityCredentials ?? [];
  return trusted.some((credential) => credential.issuer === issuer)
    ? findIssuerKeys(issuer, read.header.kid)
    : undefined;
}
