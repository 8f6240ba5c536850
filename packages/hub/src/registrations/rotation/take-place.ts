import type { RegistrationCredential } from '@latchkey/api';
import { HubError } from '../../errors/hub-error.ts';
import type { HubContext } from '../../hub-context.ts';
import type { RegistrationRow } from '../../store/schema.ts';
import { previousSecretPlace, registrationSecretPlace } from '../../tokens/registration-credentials.ts';
import type { RegistrationChange } from '../change-registration.ts';
import { noNextSecret, noPreviousSecret, noSecretAlarm } from '../cleared-columns.ts';
import type { MadeCredential } from '../credential-in-entra.ts';

/** A credential for which Microsoft has issued a token. */
export interface ProvenCredential extends Omit<MadeCredential, 'keyId'> {
  kind: RegistrationCredential;
  /** Null for a person's, which a check may find out. */
  keyId: string | null;
}

/**
 * @returns what changes when a credential that was proven takes the present one's place: all connections use it, and the one
 *   before is kept beside it for the grace time
 */
export function takePlace(
  context: Pick<HubContext, 'vault' | 'clock'>,
  row: RegistrationRow,
  { kind, text, keyId, hint, endsAt }: ProvenCredential,
): RegistrationChange {
  const isSecret = kind !== 'federated';
  return {
    credential_kind: kind,
    federated_identity: isSecret ? null : text,
    sealed_client_secret: isSecret ? context.vault.seal(text, registrationSecretPlace(row.id)) : null,
    client_secret_key_id: keyId,
    client_secret_hint: hint,
    client_secret_ends_at: endsAt,
    rotated_at: context.clock.now(),
    rotation_tries: 0,
    rotation_failure: null,
    rotation_next_try_at: null,
    ...previousColumns(context, row),
    ...noNextSecret,
    ...noSecretAlarm,
  };
}

/** @returns whether a registration has what it proves itself by */
export function hasCredential(
  row: Pick<RegistrationRow, 'credential_kind' | 'sealed_client_secret'>,
): boolean {
  return row.sealed_client_secret !== null || row.credential_kind === 'federated';
}

/** @returns whether the credential before the present one still works */
export function hasPrevious(
  row: Pick<RegistrationRow, 'sealed_previous_secret' | 'previous_credential_kind'>,
): boolean {
  return row.sealed_previous_secret !== null || row.previous_credential_kind !== null;
}

function previousColumns({ vault }: Pick<HubContext, 'vault'>, row: RegistrationRow): RegistrationChange {
  // One that was never proven is none.
  if (row.state !== 'ready' || !hasCredential(row)) return noPreviousSecret;
  const text = openIfReadable({ vault }, row);
  return {
    sealed_previous_secret: text === null ? null : vault.seal(text, previousSecretPlace(row.id)),
    previous_secret_key_id: row.client_secret_key_id,
    previous_credential_kind: row.credential_kind,
  };
}

/** @returns the text of the present secret or certificate; null for none, and for one that can't be opened any more */
export function openIfReadable(
  { vault }: Pick<HubContext, 'vault'>,
  { id, sealed_client_secret: sealed }: RegistrationRow,
): string | null {
  return openText(vault, sealed, registrationSecretPlace(id));
}

/** @returns the same of the one before */
export function openPreviousIfReadable(
  { vault }: Pick<HubContext, 'vault'>,
  { id, sealed_previous_secret: sealed }: RegistrationRow,
): string | null {
  return openText(vault, sealed, previousSecretPlace(id));
}

function openText(vault: HubContext['vault'], sealed: string | null, place: string): string | null {
  try {
    return sealed === null ? null : vault.open(sealed, place);
  } catch (error) {
    if (error instanceof HubError) return null;
    throw error;
  }
}
