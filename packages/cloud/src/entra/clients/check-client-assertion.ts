import { constants, createHash, verify, X509Certificate } from 'node:crypto';
import { aadsts } from '@latchkey/microsoft';
import type { KeyCredential } from '../../directory/application-document.ts';
import type { Application } from '../../directory/applications.ts';
import { selectOne } from '../../directory/open-directory.ts';
import { findTenant } from '../../directory/tenants.ts';
import { type Assertion, readAssertion } from '../../jwt/read-jwt.ts';
import { authorityOrigins } from '../../microsoft-origins.ts';
import type { EntraContext } from '../entra-context.ts';
import { EntraError } from '../errors/entra-error.ts';
import type { IssuerKeys } from '../federation/issuer-keys.ts';
import { digestOpaqueText } from '../stored/opaque-text.ts';
import { type TenantScope, tenantSegment } from '../tenants/resolve-tenant.ts';
import { checkFederatedAssertion } from './check-federated-assertion.ts';
import { clockSkewSeconds, requireValidTime } from './require-valid-time.ts';

const millisecondsPerSecond = 1000;
/** What the column of an assertion's end can hold. */
const latestEnd = Number.MAX_SAFE_INTEGER;
/** How an assertion's header may name its certificate: by SHA-1 or by SHA-256 (RFC 7515 §4.1.7 and §4.1.8). */
const thumbprints = [
  { name: 'x5t', hash: 'sha1' },
  { name: 'x5t#S256', hash: 'sha256' },
] as const;
const audiencePath = /^\/([^/]+)\/(?:oauth2\/token|oauth2\/v2\.0\/token|v2\.0|)$/;

type AssertionContext = Pick<EntraContext, 'directory' | 'addresses' | 'clock'>;

/**
 * Checks a client assertion (RFC 7523 §3): one of another issuer, which is a URL, by the application's federated
 * credentials, and one of its own by its certificates, RS256 or PS256.
 *
 * @throws EntraError 50027 no JWT; 700027 signature, algorithm, or a certificate that is unknown or ended; 700021 not by
 * and about the client; 700024 not in its time; 50012 another audience, or a `jti` that stood in another assertion; and
 * those of checkFederatedAssertion
 */
export function checkClientAssertion(
  context: AssertionContext,
  application: Application,
  { tenantScope, issuerKeys }: { tenantScope: TenantScope; issuerKeys: IssuerKeys | undefined },
  text: string,
): void {
  const assertion = readAssertion(text);
  if (!assertion) throw new EntraError(aadsts.invalidJwt);
  const now = context.clock.now();
  const { iss, sub, aud, jti } = assertion.claims;
  if (typeof iss === 'string' && URL.canParse(iss)) {
    checkFederatedAssertion(application, assertion, issuerKeys, now);
    return;
  }
  const credential = application.document.keyCredentials.find((candidate) => names(assertion, candidate));
  if (!credential || !isAlive(credential, now) || !isSignedWith(assertion, credential)) {
    throw new EntraError(aadsts.invalidAssertionSignature);
  }
  const isOwn = [iss, sub].every(
    (claim) => typeof claim === 'string' && claim.toLowerCase() === application.appId,
  );
  if (!isOwn) throw new EntraError(aadsts.assertionOfAnotherClient);
  const endsAt = (requireValidTime(assertion, now) + clockSkewSeconds) * millisecondsPerSecond;
  if (!isAudience(context, tenantScope, aud)) throw new EntraError(aadsts.clientAuthenticationFailed);
  if (typeof jti !== 'string') return;
  if (!isFirstOfItsName(context, { clientId: application.appId, jti, text, endsAt }))
    throw new EntraError(aadsts.clientAuthenticationFailed);
}

function names({ header }: Assertion, { key }: KeyCredential): boolean {
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

// The algorithm is never taken from the header alone: what is not one of these two, `none` included, is refused.
function isSignedWith({ header, signedText, signature }: Assertion, { key }: KeyCredential): boolean {
  const { publicKey } = new X509Certificate(Buffer.from(key, 'base64'));
  if (header.alg === 'RS256') return verify('RSA-SHA256', signedText, publicKey, signature);
  if (header.alg !== 'PS256') return false;
  return verify(
    'RSA-SHA256',
    signedText,
    {
      key: publicKey,
      padding: constants.RSA_PKCS1_PSS_PADDING,
      saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
    },
    signature,
  );
}

/** The token endpoint of either version, or the issuer, of the tenant that is asked. */
function isAudience(
  { directory, addresses }: AssertionContext,
  scope: TenantScope,
  audience: unknown,
): boolean {
  const url = typeof audience === 'string' ? URL.parse(audience) : null;
  if (!url) return false;
  const isOurs = [addresses.entra.http, addresses.entra.https, ...authorityOrigins].includes(url.origin);
  const [, segment] = audiencePath.exec(url.pathname) ?? [];
  if (!isOurs || segment === undefined) return false;
  return (findTenant(directory, segment)?.id ?? segment.toLowerCase()) === tenantSegment(scope);
}

/**
 * One `jti` names one assertion. The same assertion is taken again until it ends: Microsoft's libraries keep theirs
 * and present it many times.
 */
function isFirstOfItsName(
  { directory }: AssertionContext,
  { clientId, jti, text, endsAt }: { clientId: string; jti: string; text: string; endsAt: number },
): boolean {
  const hash = digestOpaqueText(text);
  const known = selectOne<{ hash: string }>(
    directory,
    'SELECT hash FROM entra_client_assertions WHERE client_id = ? AND jti = ?',
    clientId,
    jti,
  );
  if (known) return known.hash === hash;
  directory
    .prepare('INSERT INTO entra_client_assertions (client_id, jti, hash, ends_at) VALUES (?, ?, ?, ?)')
    .run(clientId, jti, hash, Math.min(Math.ceil(endsAt), latestEnd));
  return true;
}
