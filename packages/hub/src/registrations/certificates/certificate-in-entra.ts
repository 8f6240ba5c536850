import { createId } from '../../ground/create-id.ts';
import { certificateFacts } from '../../token-endpoint/client-certificate.ts';
import type { CredentialInEntra } from '../credential-in-entra.ts';
import { isOwnName, ownSecretName } from '../own-secret-name.ts';
import { putKeyCredential, removeKeyCredentials } from './key-credentials.ts';
import { makeRegistrationCertificate } from './registration-certificate.ts';

/** Certificates, whose keys the hub makes itself: Entra ID gets their public parts. */
export const certificateInEntra: CredentialInEntra = {
  async make({ context, row }, graph, { id }) {
    const made = await makeRegistrationCertificate(context, row);
    const keyId = createId(context.random);
    const displayName = row.rotation_name ?? ownSecretName(row.id);
    await putKeyCredential(graph, id, { keyId, displayName, certificate: made.certificate });
    const facts = certificateFacts(made.certificate);
    return {
      keyId,
      text: JSON.stringify(made),
      hint: facts?.thumbprint ?? null,
      endsAt: facts?.endsAt ?? null,
    };
  },

  remove: (graph, { id }, keyId) => removeKeyCredentials(graph, id, (known) => known.keyId === keyId),

  listOwn(_graph, { keyCredentials }, row) {
    // Uploaded by hand it has an id that nobody told the hub.
    const thumbprint = row.credential_kind === 'certificate' ? row.client_secret_hint : null;
    return keyCredentials
      .filter(({ displayName }) => isOwnName(row.id, displayName))
      .filter(({ keyId }) => keyId !== row.client_secret_key_id)
      .filter((key) => thumbprint === null || key.customKeyIdentifier !== thumbprint)
      .map(({ keyId }) => keyId);
  },
};
