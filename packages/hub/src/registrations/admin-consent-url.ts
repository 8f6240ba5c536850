import type { CloudConfig } from '../config/config.ts';
import type { RegistrationRow } from '../store/schema.ts';

/**
 * @returns where an administrator consents for the whole tenant to everything that the application asks for; null before
 *   there is an application in a tenant
 * Source: Microsoft's "Grant tenant-wide admin consent to an application".
 */
export function adminConsentUrl(
  { authority }: Pick<CloudConfig, 'authority'>,
  { tenant_id: tenantId, client_id: clientId, state }: RegistrationRow,
): string | null {
  if (tenantId === null || clientId === null || state === 'undone') return null;
  return `${authority}/${encodeURIComponent(tenantId)}/adminconsent?client_id=${encodeURIComponent(clientId)}`;
}
