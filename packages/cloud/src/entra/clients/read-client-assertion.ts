import { createHash, X509Certificate } from 'node:crypto';
import type { KeyCredential } from '../../directory/application-document.ts';
import { type Application, findApplicationByAppId } from '../../directory/applications.ts';
import type { Directory } from '../../directory/open-directory.ts';
import { isSignedBy } from '../../jwt/is-signed-by.ts';
import { type Jwt, readJwt } from '../../jwt/read-jwt.ts';
import { type IssuerKeys, keysNamed } from '../federation/issuer-keys.ts';
import type { FindIssuerKeys } from '../federation/remember-issuer-keys.ts';
import type { TenantScope } from '../tenants/resolve-tenant.ts';
import { certificatesOfClient, principalInScope } from './credentials-of-client.ts';
import type { ClientCredentials } from './read-client-credentials.ts';

/** A client's assertion (RFC 7523 §2.2) with what takes time to find out of it; whether it is good is not said yet. */
export interface ClientAssertion {
  text: string;
  /** Undefined when the text is no JWT. */
  jwt: Jwt | undefined;
  /** By one of the client's living certificates, or by a key of the issuer. */
  isSigned: boolean;
  /** The keys of the issuer that made it, where another issuer did that the application trusts. */
  issuerKeys: IssuerKeys | undefined;
}

/** RFC 7515 §2 leaves it out of base64url; a library for asynchronous Python sends it, and Entra ID bears it. */
const padding = /={1,2}(?=\.|$)/g;

interface AssertionContext {
  directory: Directory;
  findIssuerKeys: FindIssuerKeys;
}

/** How an assertion's header may name its certificate: by SHA-1 or by SHA-256 (RFC 7515 §4.1.7 and §4.1.8). */
const thumbprints = [
  { name: 'x5t', hash: 'sha1' },
  { name: 'x5t#S256', hash: 'sha256' },
] as const;

/**
 * Reads a client's assertion before the grant is looked at: fetching keys and checking signatures takes time, and the
 * grant is judged at one moment. Only issuers that the app trusts are asked for their keys.
 *
 * @returns undefined when the client proves itself otherwise
 */
export async function readClientAssertion(
  context: AssertionContext,
  { clientId, assertion: text }: ClientCredentials,
  tenantScope: TenantScope,
): Promise<ClientAssertion | undefined> {
  if (text === undefined) return undefined;
  const jwt = readJwt(text.replaceAll(padding, ''));
  const application = findApplicationByAppId(context.directory, clientId);
  if (!jwt || !application) return { text, jwt, isSigned: false, issuerKeys: undefined };
  if (isFederated(jwt)) return readFederatedAssertion(context, application, { text, jwt });
  const principal = principalInScope(context.directory, application.appId, tenantScope);
  const certificate = certificatesOfClient({ application, principal }).find((candidate) =>
    namesCertificate(jwt, candidate),
  );
  const isSigned =
    certificate !== undefined &&
    isAlive(certificate, context.directory.clock.now()) &&
    (await isSignedBy(text, [publicKeyOf(certificate)], ['RS256', 'PS256']));
  return { text, jwt, isSigned, issuerKeys: undefined };
}

/** Whether another issuer made it, which is a URL; a client names itself as the issuer of its own. */
export function isFederated({ claims: { iss } }: Jwt): boolean {
  return typeof iss === 'string' && URL.canParse(iss);
}

async function readFederatedAssertion(
  { findIssuerKeys }: AssertionContext,
  { document }: Application,
  { text, jwt }: { text: string; jwt: Jwt },
): Promise<ClientAssertion> {
  const { iss: issuer } = jwt.claims;
  const { kid } = jwt.header;
  const trusted = document.federatedIdentityCredentials ?? [];
  if (typeof issuer !== 'string' || !trusted.some((credential) => credential.issuer === issuer)) {
    return { text, jwt, isSigned: false, issuerKeys: undefined };
  }
  const issuerKeys = await findIssuerKeys(issuer, kid);
  const keys = issuerKeys.found ? keysNamed(issuerKeys.keys, kid).map(({ publicKey }) => publicKey) : [];
  return { text, jwt, isSigned: await isSignedBy(text, keys, ['RS256']), issuerKeys };
}

function namesCertificate({ header }: Jwt, { key }: KeyCredential): boolean {
  const certificate = Buffer.from(key, 'base64');
  const given = thumbprints.filter(({ name }) => header[name] !== undefined);
  // Libraries differ in the alphabet and the padding of base64, so the bytes are compared.
  const matches = given.every(({ name, hash }) =>
    createHash(hash)
      .update(certificate)
      .digest()
      .equals(Buffer.from(String(header[name]), 'base64')),
  );
  if (given.length > 0) return matches;
  return header.kid === createHash('sha1').update(certificate).digest('hex').toUpperCase();
}

function isAlive({ startDateTime, endDateTime }: KeyCredential, now: number): boolean {
  return Date.parse(startDateTime) <= now && now < Date.parse(endDateTime);
}

function publicKeyOf({ key }: KeyCredential) {
  return new X509Certificate(Buffer.from(key, 'base64')).publicKey;
}
