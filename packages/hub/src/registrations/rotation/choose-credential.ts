import type { RegistrationRow } from '../../store/schema.ts';
import { certificateInEntra } from '../certificates/certificate-in-entra.ts';
import type { CredentialInEntra } from '../credential-in-entra.ts';
import { secretInEntra } from './secret-in-entra.ts';

/** @returns how a kind of credential is handled */
export function chooseCredential(kind: RegistrationRow['credential_kind']): CredentialInEntra {
  return kind === 'certificate' ? certificateInEntra : secretInEntra;
}

type KindColumns = Pick<
  RegistrationRow,
  'credential_kind' | 'next_credential_kind' | 'previous_credential_kind'
>;

/** @returns the kind of the credential that a rotation makes */
export function nextKind(row: KindColumns): RegistrationRow['credential_kind'] {
  return row.next_credential_kind ?? row.credential_kind;
}

/** @returns the kind of the credential before the present one */
export function previousKind(row: KindColumns): RegistrationRow['credential_kind'] {
  return row.previous_credential_kind ?? row.credential_kind;
}
