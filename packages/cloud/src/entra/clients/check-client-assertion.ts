import { aadsts } from '@latchkey/microsoft';
import type { Application } from '../../directory/applications.ts';
import { selectOne } from '../../directory/open-directory.ts';
import { findTenant } from '../../directory/tenants.ts';
import { millisecondsPerSecond } from '../../ground/durations.ts';
import { findCloudOfAuthority } from '../../microsoft-origins.ts';
import type { EntraContext } from '../entra-context.ts';
import { EntraError } from '../errors/entra-error.ts';
import { digestOpaqueText } from '../stored/opaque-text.ts';
import { type TenantScope, tenantSegment } from '../tenants/resolve-tenant.ts';
import { checkFederatedAssertion } from './check-federated-assertion.ts';
import { type ClientAssertion, isFederated } from './read-client-assertion.ts';
import { clockSkewSeconds, requireValidTime } from './require-valid-time.ts';

/** What the column of an assertion's end can hold. */
const latestEnd = Number.MAX_SAFE_INTEGER;
const audiencePath = /^\/([^/]+)\/(?:oauth2\/(?:v2\.0\/)?token\/?|v2\.0|)$/;

type AssertionContext = Pick<EntraContext, 'directory' | 'addresses' | 'clock'>;

/**
 * Checks a client assertion (RFC 7523 §3): one of another issuer by the application's federated credentials, and one
 * of its own by its certificates, RS256 or PS256.
 *
 * @throws EntraError 50027 no JWT; 700027 signature, algorithm, or a certificate that is unknown or ended; 700021 not by
 * and about the client; 700024 not in its time; 50012 another audience, or a `jti` that stood in another assertion; and
 * those of checkFederatedAssertion
 */
export function checkClientAssertion(
  context: AssertionContext,
  application: Application,
  tenantScope: TenantScope,
  { text, jwt, isSigned, issuerKeys }: ClientAssertion,
): void {
  if (!jwt) throw new EntraError(aadsts.invalidJwt);
  const now = context.clock.now();
  if (isFederated(jwt)) {
    checkFederatedAssertion(application, { jwt, isSigned, issuerKeys }, now);
    return;
  }
  if (!isSigned) throw new EntraError(aadsts.invalidAssertionSignature);
  const { iss, sub, aud, jti } = jwt.claims;
  const isOwn = [iss, sub].every(
    (claim) => typeof claim === 'string' && claim.toLowerCase() === application.appId,
  );
  if (!isOwn) throw new EntraError(aadsts.assertionOfAnotherClient);
  const endsAt = (requireValidTime(jwt, now) + clockSkewSeconds) * millisecondsPerSecond;
  if (!isAudience(context, tenantScope, aud)) throw new EntraError(aadsts.clientAuthenticationFailed);
  if (typeof jti !== 'string') return;
  if (!isFirstOfItsName(context, { clientId: application.appId, jti, text, endsAt })) {
    throw new EntraError(aadsts.clientAuthenticationFailed);
  }
}

/** The token endpoint of either version, or the issuer, of the tenant that is asked. */
function isAudience(
  { directory, addresses }: AssertionContext,
  scope: TenantScope,
  audience: unknown,
): boolean {
  const url = typeof audience === 'string' ? URL.parse(audience) : null;
  if (!url) return false;
  const isLocal = [addresses.entra.http, addresses.entra.https].includes(url.origin);
  const isOurs = isLocal || findCloudOfAuthority(url.origin) !== undefined;
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
