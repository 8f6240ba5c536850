import type { RegistrationCredential } from '@latchkey/api';
import type { RegistrationRow } from '../../store/schema.ts';
import { certificateInEntra } from '../certificates/certificate-in-entra.ts';
import type { CredentialInEntra } from '../credential-in-entra.ts';
import { federatedInEntra } from '../federated/federated-in-entra.ts';
import { secretInEntra } from './secret-in-entra.ts';

/** How each kind of credential is handled. */
export const credentialsInEntra: Readonly<Record<RegistrationCredential, CredentialInEntra>> = {
  secret: secretInEntra,
  certificate: certificateInEntra,
  federated: federatedInEntra,
};

/** @returns the kind of the credential that a rotation makes */
export function nextKind(
  row: Pick<RegistrationRow, 'credential_kind' | 'next_credential_kind'>,
): RegistrationCredential {
  return row.next_credential_kind ?? row.credential_kind;
}
