import { federatedIdentitySchema } from '@latchkey/api';
import { parseJson } from '../../ground/read-json.ts';
import type { RegistrationRow } from '../../store/schema.ts';
import { type OwnIdentity, readOwnIdentity } from '../../workload-identity/read-own-identity.ts';
import type { CredentialInEntra } from '../credential-in-entra.ts';
import { federatedName, isOwnName, ownSecretName } from '../own-secret-name.ts';
import {
  isFor,
  listFederatedCredentials,
  putFederatedCredential,
  removeFederatedCredential,
} from './federated-credentials.ts';

/** Federated identity credentials: the application trusts who the hub is on its platform. There is nothing to be kept secret. */
export const federatedInEntra: CredentialInEntra = {
  async make({ context, row }, graph, { id }) {
    const identity = await readOwnIdentity(context);
    const name = federatedName(row.rotation_name ?? ownSecretName(row.id));
    const keyId = await putFederatedCredential(graph, id, identity, name);
    return { keyId, text: JSON.stringify(identity), hint: null, endsAt: null };
  },

  async remove(graph, { id }, keyId) {
    // Its name is of no registration in particular, and a person's stays.
    return removeFederatedCredential(graph, id, keyId);
  },

  async listOwn(graph, { id }, row) {
    const trusted = trustedIdentity(row);
    const own = (await listFederatedCredentials(graph, id)).filter(({ name }) => isOwnName(row.id, name));
    return own.filter((one) => trusted === null || !isFor(one, trusted)).map((one) => one.id);
  },
};

/** @returns who the application is to trust; null where the registration proves itself otherwise, or nobody can tell */
function trustedIdentity(
  row: Pick<RegistrationRow, 'credential_kind' | 'federated_identity'>,
): OwnIdentity | null {
  if (row.credential_kind !== 'federated' || row.federated_identity === null) return null;
  return federatedIdentitySchema.safeParse(parseJson(row.federated_identity)).data ?? null;
}
