import type { HubContext } from '../../hub-context.ts';
import type { RegistrationRow } from '../../store/schema.ts';
import { type OwnIdentity, readOwnIdentity } from '../../workload-identity/read-own-identity.ts';
import { putFederatedCredential } from '../federated/federated-credentials.ts';
import type { GraphClient } from '../graph-client.ts';
import { federatedName, ownSecretName } from '../own-secret-name.ts';
import type { StepResult } from './step-result.ts';

/**
 * Lets the application trust the hub's identity on its platform (a federated identity credential): no secret exists at all.
 * What an earlier try, or a person, has made for the same identity is taken.
 */
export async function createFederatedCredential(
  context: Pick<HubContext, 'workloadIdentity'>,
  graph: GraphClient,
  row: RegistrationRow,
  applicationObjectId: string,
): Promise<StepResult> {
  const identity = await readOwnIdentity(context);
  const name = federatedName(ownSecretName(row.id));
  const keyId = await putFederatedCredential(graph, applicationObjectId, identity, name);
  return { detail: describe(identity), values: federatedColumns(identity, keyId) };
}

/** Says what a person has to add to an application that they maintain. */
export async function describeFederatedCredential(
  context: Pick<HubContext, 'workloadIdentity'>,
): Promise<StepResult> {
  const identity = await readOwnIdentity(context);
  return {
    detail: `Add a federated credential to the application under “Certificates & secrets”. ${describe(identity)}`,
    values: federatedColumns(identity, null),
  };
}

function describe({ issuer, subject, audience }: OwnIdentity): string {
  return `Issuer ${issuer}, subject ${subject}, audience ${audience}`;
}

function federatedColumns(identity: OwnIdentity, keyId: string | null) {
  return {
    credential_kind: 'federated',
    federated_identity: JSON.stringify(identity),
    client_secret_key_id: keyId,
  } as const;
}
