import { aadsts } from '@latchkey/microsoft';
import type { Application } from '../../directory/applications.ts';
import { checkClientSecret, type StoredClientSecret } from '../../directory/client-secrets.ts';
import type { ClientStrength } from '../claims/access-token-claims.ts';
import type { EntraContext } from '../entra-context.ts';
import { EntraError } from '../errors/entra-error.ts';
import type { TenantScope } from '../tenants/resolve-tenant.ts';
import { checkClientAssertion } from './check-client-assertion.ts';
import { principalInScope, secretsOfClient } from './credentials-of-client.ts';
import type { ClientAssertion } from './read-client-assertion.ts';
import type { ClientCredentials } from './read-client-credentials.ts';

/**
 * How much proof a grant asks of its client.
 * - `secret`: a confidential client; without a credential AADSTS7000218.
 * - `secret_for_itself`: the app asks for a token of its own; without a credential AADSTS7000216.
 * - `none`: the grant came through a public platform; a credential is refused (AADSTS700025).
 * - `by_registration`: a secret when one is sent, else only apps with "Allow public client flows".
 */
export type ClientProof = 'secret' | 'secret_for_itself' | 'none' | 'by_registration';

/** How a client names itself in a request, and through which tenant. */
export interface ClientIdentification {
  tenantScope: TenantScope;
  credentials: ClientCredentials;
  /** The credentials' assertion as it was read before the grant was looked at. */
  assertion: ClientAssertion | undefined;
}

/**
 * Checks who the client is.
 *
 * @param secrets the client's, if they were read before
 * @throws EntraError 7000215 wrong secret, 7000222 ended secret, 7000216 and 7000218 no credential, 700025 one where
 * none belongs, and those of an assertion that is not good (see checkClientAssertion)
 */
export function authenticateClient(
  context: Pick<EntraContext, 'directory' | 'addresses' | 'clock' | 'replication'>,
  request: ClientIdentification,
  application: Application,
  proof: ClientProof,
  secrets?: readonly StoredClientSecret[],
): ClientStrength {
  const { assertion } = request;
  const { secret } = request.credentials;
  if (proof === 'none') {
    if (secret !== undefined || assertion !== undefined)
      throw new EntraError(aadsts.publicClientWithCredential);
    return '0';
  }
  if (assertion !== undefined) {
    checkClientAssertion(context, application, request.tenantScope, assertion);
    return '2';
  }
  if (secret === undefined) {
    if (proof === 'by_registration' && application.document.isFallbackPublicClient) return '0';
    throw new EntraError(
      proof === 'secret_for_itself'
        ? aadsts.clientCredentialsWithoutCredential
        : aadsts.missingClientCredential,
    );
  }
  const verdict = checkClientSecret(
    context.directory,
    application.id,
    secret,
    secrets ?? findSecrets(context, request, application),
  );
  if (!verdict.accepted) {
    throw new EntraError(
      verdict.reason === 'expired' ? aadsts.expiredClientSecret : aadsts.invalidClientSecret,
      { appId: application.appId },
    );
  }
  // As wrong as any other, to a server that it has not reached.
  if (context.replication.isUnderWay(verdict.keyId)) {
    throw new EntraError(aadsts.invalidClientSecret, { appId: application.appId });
  }
  return '1';
}

function findSecrets(
  { directory }: Pick<EntraContext, 'directory'>,
  { tenantScope }: ClientIdentification,
  application: Application,
): StoredClientSecret[] {
  const principal = principalInScope(directory, application.appId, tenantScope);
  return secretsOfClient(directory, { application, principal });
}
