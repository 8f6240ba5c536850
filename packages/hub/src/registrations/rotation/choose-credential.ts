import type { RegistrationRow } from '../../store/schema.ts';
import { certificateInEntra } from '../certificates/certificate-in-entra.ts';
import type { CredentialInEntra } from '../credential-in-entra.ts';
import { secretInEntra } from './secret-in-entra.ts';

/** @returns how the registration's kind of credential is handled */
export function chooseCredential({
  credential_kind: kind,
}: Pick<RegistrationRow, 'credential_kind'>): CredentialInEntra {
  return kind === 'certificate' ? certificateInEntra : secretInEntra;
}
