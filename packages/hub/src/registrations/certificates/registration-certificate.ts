import { HubError } from '../../errors/hub-error.ts';
import type { HubContext } from '../../hub-context.ts';
import type { RegistrationRow } from '../../store/schema.ts';
import { type ClientCertificate, certificateFacts } from '../../token-endpoint/client-certificate.ts';
import { makeClientCertificate } from '../../token-endpoint/make-client-certificate.ts';
import {
  openClientSecret,
  readCertificate,
  registrationSecretPlace,
} from '../../tokens/registration-credentials.ts';
import type { RegistrationChange } from '../change-registration.ts';
import { ownSecretName } from '../own-secret-name.ts';

/** Of an application that was adopted with a credential, for which nobody said it. */
const usualLifetimeDays = 365;

/** Makes a registration's certificate, named so that people recognize it in the portal. */
export function makeRegistrationCertificate(
  { clock }: Pick<HubContext, 'clock'>,
  { id, secret_lifetime_days: days }: Pick<RegistrationRow, 'id' | 'secret_lifetime_days'>,
): Promise<ClientCertificate> {
  return makeClientCertificate(ownSecretName(id), clock.now(), days || usualLifetimeDays);
}

/** @returns the columns that hold a certificate in place of a client secret, the private key sealed */
export function certificateColumns(
  { vault }: Pick<HubContext, 'vault'>,
  registrationId: string,
  made: ClientCertificate,
  keyId: string | null,
) {
  const facts = certificateFacts(made.certificate);
  return {
    credential_kind: 'certificate',
    sealed_client_secret: vault.seal(JSON.stringify(made), registrationSecretPlace(registrationId)),
    client_secret_key_id: keyId,
    client_secret_hint: facts?.thumbprint ?? null,
    client_secret_ends_at: facts?.endsAt ?? null,
  } as const satisfies RegistrationChange;
}

/**
 * @returns the public part of a registration's certificate, X.509 in PEM, for people who upload it by hand
 * @throws HubError `registration_has_no_certificate`
 */
export function publicCertificate(context: Pick<HubContext, 'vault'>, row: RegistrationRow): string {
  const text = row.credential_kind === 'certificate' ? openClientSecret(context, row) : null;
  if (text === null) throw new HubError('registration_has_no_certificate');
  return readCertificate(text).certificate;
}
