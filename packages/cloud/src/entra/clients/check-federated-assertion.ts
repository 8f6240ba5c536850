import { aadsts } from '@latchkey/microsoft';
import type { FederatedIdentityCredential } from '../../directory/application-document.ts';
import type { Application } from '../../directory/applications.ts';
import type { Jwt } from '../../jwt/read-jwt.ts';
import { EntraError } from '../errors/entra-error.ts';
import { keysNamed } from '../federation/issuer-keys.ts';
import type { ClientAssertion } from './read-client-assertion.ts';
import { requireValidTime } from './require-valid-time.ts';

/**
 * Checks an assertion of another issuer against the application's federated identity credentials ("Workload identity
 * federation"). Issuer, subject and audience are compared letter by letter. Its `jti` is not looked at: workloads
 * present the same token until it ends.
 *
 * @throws EntraError 700211 issuer, 700213 and 7002138 subject, 700212 audience match no credential; 700024 not in its
 * time; 501661 the issuer's keys can't be had; 5002730 not RS256; 7000272 a key that the issuer lacks; 700027 signature
 */
export function checkFederatedAssertion(
  { document }: Application,
  { jwt, isSigned, issuerKeys }: Pick<ClientAssertion, 'isSigned' | 'issuerKeys'> & { jwt: Jwt },
  now: number,
): void {
  requireCredential(document.federatedIdentityCredentials ?? [], jwt);
  requireValidTime(jwt, now);
  const { header, claims } = jwt;
  const issuer = String(claims.iss);
  if (!issuerKeys?.found) {
    throw new EntraError(aadsts.issuerMetadataUnavailable, {
      issuer,
      reason: issuerKeys?.reason ?? 'was not asked for its keys',
    });
  }
  if (header.alg !== 'RS256') throw new EntraError(aadsts.unsupportedAssertionAlgorithm);
  if (keysNamed(issuerKeys.keys, header.kid).length === 0) {
    throw new EntraError(aadsts.issuerLacksSigningKey, { issuer, kid: textOf(header.kid) });
  }
  if (!isSigned) throw new EntraError(aadsts.invalidAssertionSignature);
}

function requireCredential(credentials: readonly FederatedIdentityCredential[], { claims }: Jwt): void {
  const [issuer, subject] = [textOf(claims.iss), textOf(claims.sub)];
  const ofIssuer = credentials.filter((credential) => credential.issuer === issuer);
  if (ofIssuer.length === 0) throw new EntraError(aadsts.noFederatedIdentityForIssuer, { issuer });
  const ofSubject = ofIssuer.filter((credential) => credential.subject === subject);
  if (ofSubject.length === 0) {
    const differsInCase = ofIssuer.some(
      (credential) => credential.subject.toLowerCase() === subject.toLowerCase(),
    );
    throw new EntraError(
      differsInCase ? aadsts.federatedSubjectDiffersInCase : aadsts.noFederatedIdentityForSubject,
      { subject },
    );
  }
  const audiences = [claims.aud].flat();
  if (!ofSubject.some((credential) => credential.audiences.some((name) => audiences.includes(name)))) {
    throw new EntraError(aadsts.noFederatedIdentityForAudience, {
      audience: audiences.map(textOf).join(' '),
    });
  }
}

function textOf(claim: unknown): string {
  return typeof claim === 'string' ? claim : '';
}
