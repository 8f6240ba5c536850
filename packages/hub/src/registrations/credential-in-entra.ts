import type { RegistrationCredential } from '@latchkey/api';
import type { RegistrationRow } from '../store/schema.ts';
import type { ApplicationFacts } from './checks/read-application.ts';
import type { GraphClient } from './graph-client.ts';
import type { RegistrationRun } from './registration-lease.ts';

/** A secret, certificate or federated credential that was just made beside the present one. */
export interface MadeCredential {
  keyId: string;
  /** The client secret; of a certificate, private key and certificate as JSON; of a federated credential, who is trusted. */
  text: string;
  /** First characters or thumbprint. */
  hint: string | null;
  /** Epoch milliseconds. */
  endsAt: number | null;
}

/** How a credential of one kind is made in Entra ID, and taken away again. */
export interface CredentialInEntra {
  /** Makes one beside the present one, under the name that the rotation has written down. */
  make(run: RegistrationRun, graph: GraphClient, application: ApplicationFacts): Promise<MadeCredential>;
  /** @returns whether it was there */
  remove(graph: GraphClient, application: ApplicationFacts, keyId: string): Promise<boolean>;
  /** @returns the ids of those that the hub has made for a registration, told by their names, but for the present one */
  listOwn(
    graph: GraphClient,
    application: ApplicationFacts,
    row: RegistrationRow,
  ): Promise<string[]> | string[];
}

const names: Record<RegistrationCredential, string> = {
  secret: 'client secret',
  certificate: 'certificate',
  federated: 'federated credential',
};

/** @returns what it is called in sentences */
export function credentialName({ credential_kind: kind }: Pick<RegistrationRow, 'credential_kind'>): string {
  return names[kind];
}
