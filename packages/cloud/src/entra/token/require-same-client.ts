import { aadsts } from '@latchkey/microsoft';
import { findApplicationByAppId } from '../../directory/applications.ts';
import type { EntraContext } from '../entra-context.ts';
import { EntraError } from '../errors/entra-error.ts';
import { tenantSegment } from '../tenants/resolve-tenant.ts';
import type { TokenRequest } from './token-request.ts';

/**
 * Checks that a code or token is brought by the client that it was given to. An unknown client is told so first,
 * since that is the mistake then.
 *
 * @throws EntraError 700016 unknown client, 70000 another client's grant
 */
export function requireSameClient(
  { directory }: Pick<EntraContext, 'directory'>,
  { credentials, tenantScope }: TokenRequest,
  grantedTo: string | undefined,
): void {
  const { clientId } = credentials;
  if (grantedTo !== undefined && grantedTo === clientId.toLowerCase()) return;
  if (!findApplicationByAppId(directory, clientId)) {
    const tenant =
      tenantScope.kind === 'tenant' ? tenantScope.tenant.displayName : tenantSegment(tenantScope);
    throw new EntraError(aadsts.unknownClient, { appId: clientId, tenant });
  }
  if (grantedTo !== undefined) throw new EntraError(aadsts.invalidGrant);
}
