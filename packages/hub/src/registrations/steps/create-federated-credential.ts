import { z } from 'zod';
import type { HubContext } from '../../hub-context.ts';
import type { RegistrationRow } from '../../store/schema.ts';
import { type OwnIdentity, readOwnIdentity } from '../../workload-identity/read-own-identity.ts';
import type { GraphClient } from '../graph-client.ts';
import { graphText } from '../graph-text.ts';
import type { StepResult } from './step-result.ts';

const federatedCredential = z.object({
  id: graphText,
  name: z.string(),
  issuer: z.string(),
  subject: z.string(),
  audiences: z.array(z.string()).default([]),
});
type FederatedCredential = z.infer<typeof federatedCredential>;

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
  const path = `/applications/${encodeURIComponent(applicationObjectId)}/federatedIdentityCredentials`;
  const present = await graph.list(path, federatedCredential);
  const wanted = {
    issuer: identity.issuer,
    subject: identity.subject,
    audiences: [identity.audience],
  };
  // Issuer and subject together are unique on an application.
  const name = `latchkey-${row.id}`;
  const known = present.find((one) => isFor(one, identity)) ?? present.find((one) => one.name === name);
  if (!known) {
    const description = 'The identity that Latchkey runs with';
    await graph.post(path, { name, ...wanted, description }, federatedCredential);
  } else if (!isFor(known, identity) || !known.audiences.includes(identity.audience)) {
    await graph.send('PATCH', `${path}/${encodeURIComponent(known.id)}`, wanted);
  }
  return { detail: describe(identity), values: federatedColumns(identity) };
}

/** Says what a person has to add to an application that they maintain. */
export async function describeFederatedCredential(
  context: Pick<HubContext, 'workloadIdentity'>,
): Promise<StepResult> {
  const identity = await readOwnIdentity(context);
  return {
    detail: `Add a federated credential to the application under “Certificates & secrets”. ${describe(identity)}`,
    values: federatedColumns(identity),
  };
}

function isFor(one: FederatedCredential, { issuer, subject }: OwnIdentity): boolean {
  return one.issuer === issuer && one.subject === subject;
}

function describe({ issuer, subject, audience }: OwnIdentity): string {
  return `Issuer ${issuer}, subject ${subject}, audience ${audience}`;
}

function federatedColumns(identity: OwnIdentity) {
  return { credential_kind: 'federated', federated_identity: JSON.stringify(identity) } as const;
}
