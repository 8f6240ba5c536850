import { z } from 'zod';
import { HubError } from '../errors/hub-error.ts';
import { DamagedValueError } from '../ground/damaged-value-error.ts';
import { readColumn } from '../ground/read-json.ts';
import type { HubContext } from '../hub-context.ts';
import type { RegistrationRow } from '../store/schema.ts';
import { type ClientCertificate, certificateCredential } from '../token-endpoint/client-certificate.ts';
import type { ClientCredential } from '../token-endpoint/client-credential.ts';

type CredentialContext = Pick<HubContext, 'vault' | 'workloadIdentity'>;

/** What a connection needs of its registration. Kept in memory for the time of a call. */
export interface RegistrationCredentials {
  clientId: string;
  /** GUID. */
  tenantId: string;
  /** None for an adopted application without a secret. */
  credential: ClientCredential;
  /** The one before, while both work: some servers of Microsoft's may not know the present one yet. */
  previousCredential?: ClientCredential;
  redirectUri: string;
}

/**
 * @returns the credentials of a registration that is ready
 * @throws HubError `registration_not_found`, `registration_not_ready`, `vault_key_unknown`, `vault_unreadable`
 */
export async function registrationCredentials(
  context: CredentialContext & Pick<HubContext, 'store'>,
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

/** @throws HubError `workload_token_unavailable`; `workload_identity_missing`: the hub was configured otherwise since */
async function readAssertion({ workloadIdentity }: CredentialContext): Promise<string> {
  if (!workloadIdentity) throw new HubError('workload_identity_missing');
  return workloadIdentity.readToken();
}

/** The same before the registration is ready: for its own proof. @throws HubError as above */
export function openCredentials(context: CredentialContext, row: RegistrationRow): RegistrationCredentials {
  const { client_id: clientId, tenant_id: tenantId } = row;
  if (clientId === null || tenantId === null) throw new HubError('registration_not_ready');
  const previousCredential = openPreviousCredential(context, row);
  return {
    clientId,
    tenantId,
    credential: openCredential(context, row),
    ...(previousCredential && { previousCredential }),
    redirectUri: row.redirect_uri,
  };
}

/** @returns null where there is none, or none that can be read: the present one is there, and may be as good as ever */
function openPreviousCredential(context: CredentialContext, row: RegistrationRow): ClientCredential | null {
  const { id, sealed_previous_secret: sealed } = row;
  const kind = row.previous_credential_kind ?? row.credential_kind;
  // Without an identity of the hub's there is nothing to be presented.
  if (row.previous_credential_kind === 'federated')
    return context.workloadIdentity ? credentialOf(context, kind, '') : null;
  if (sealed === null) return null;
  try {
    return credentialOf(context, kind, context.vault.open(sealed, previousSecretPlace(id)));
  } catch (error) {
    if (error instanceof HubError || error instanceof DamagedValueError) return null;
    throw error;
  }
}

/** Where the sealed secret before the present one belongs. */
export function previousSecretPlace(registrationId: string): string {
  return `registrations/${registrationId}/sealed_previous_secret`;
}

function openCredential(context: CredentialContext, row: RegistrationRow): ClientCredential {
  if (row.credential_kind === 'federated') return credentialOf(context, 'federated', '');
  const text = openClientSecret(context, row);
  return text === null ? { kind: 'none' } : credentialOf(context, row.credential_kind, text);
}

/** @returns the credential that the text in the place of a client secret is; of a federated one it says nothing */
export function credentialOf(
  context: CredentialContext,
  kind: RegistrationRow['credential_kind'],
  text: string,
): ClientCredential {
  switch (kind) {
    case 'federated':
      return { kind, readAssertion: () => readAssertion(context) };
    case 'certificate':
      return certificateCredential(readCertificate(text));
    default:
      return { kind: 'secret', secret: text };
  }
}

/**
 * @returns the text in the place of a registration's client secret; null where there is none
 * @throws HubError `vault_key_unknown`, `vault_unreadable`
 */
export function openClientSecret(
  { vault }: Pick<HubContext, 'vault'>,
  { id, sealed_client_secret: sealed }: RegistrationRow,
): string | null {
  return sealed === null ? null : vault.open(sealed, registrationSecretPlace(id));
}

const certificateSchema = z.object({ privateKey: z.string(), certificate: z.string() });

/**
 * Reads a certificate that stands in the place of a registration's client secret: JSON of both parts.
 *
 * @throws DamagedValueError
 */
export function readCertificate(text: string): ClientCertificate {
  return readColumn(certificateSchema, text, 'registrations.sealed_client_secret');
}

/** Where a registration's sealed client secret, or certificate, belongs; a value moved to another row or column does not open. */
export function registrationSecretPlace(registrationId: string): string {
  return `registrations/${registrationId}/sealed_client_secret`;
}
