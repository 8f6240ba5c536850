import { HubError } from '../errors/hub-error.ts';
import type { HubContext } from '../hub-context.ts';
import type { RegistrationRow } from '../store/schema.ts';

/** What a connection needs of its registration. Kept in memory for the time of a call. */
export interface RegistrationCredentials {
  clientId: string;
  /** GUID. */
  tenantId: string;
  /** Null for an adopted application without a secret. */
  clientSecret: string | null;
  redirectUri: string;
}

/**
 * @returns the credentials of a registration that is ready
 * @throws HubError `registration_not_found`, `registration_not_ready`, `vault_key_unknown`, `vault_unreadable`
 */
export async function registrationCredentials(
  context: Pick<HubContext, 'store' | 'vault'>,
  registrationId: string,
): Promise<RegistrationCredentials> {
  const row = await context.store.db
    .selectFrom('registrations')
    .selectAll()
    .where('id', '=', registrationId)
    .executeTakeFirst();
  if (!row) throw new HubError('registration_not_found');
  if (row.state !== 'ready') throw new HubError('registration_not_ready');
  return openCredentials(context, row);
}

/** The same before the registration is ready: for its own proof. @throws HubError as above */
export function openCredentials(
  { vault }: Pick<HubContext, 'vault'>,
  row: RegistrationRow,
): RegistrationCredentials {
  const { client_id: clientId, tenant_id: tenantId, sealed_client_secret: sealed } = row;
  if (clientId === null || tenantId === null) throw new HubError('registration_not_ready');
  return {
    clientId,
    tenantId,
    clientSecret: sealed === null ? null : vault.open(sealed, registrationSecretPlace(row.id)),
    redirectUri: row.redirect_uri,
  };
}

/** Where the sealed secret before the present one belongs. */
export function previousSecretPlace(registrationId: string): string {
  return `registrations/${registrationId}/sealed_previous_secret`;
}

/** Where a registration's sealed client secret belongs; a value moved to another row or column does not open. */
export function registrationSecretPlace(registrationId: string): string {
  return `registrations/${registrationId}/sealed_client_secret`;
}
