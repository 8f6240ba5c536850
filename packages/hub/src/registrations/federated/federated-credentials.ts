import { z } from 'zod';
import { badRequest, notFound } from '../../ground/http-status.ts';
import type { OwnIdentity } from '../../workload-identity/read-own-identity.ts';
import type { GraphClient } from '../graph-client.ts';
import { GraphError } from '../graph-error.ts';
import { graphText } from '../graph-text.ts';

const federatedCredential = z.object({
  id: graphText,
  name: z.string(),
  issuer: z.string(),
  subject: z.string(),
  audiences: z.array(z.string()).default([]),
});
type FederatedCredential = z.infer<typeof federatedCredential>;

/**
 * Has an application trust an identity. What an earlier try, or a person, has made for the same one is taken: issuer and
 * subject together are unique on an application.
 *
 * @param name of a new one; one of this name that trusts another identity is changed
 * @returns its id
 */
export async function putFederatedCredential(
  graph: GraphClient,
  applicationObjectId: string,
  identity: OwnIdentity,
  name: string,
): Promise<string> {
  const path = pathOf(applicationObjectId);
  const present = await graph.list(path, federatedCredential);
  const { issuer, subject, audience } = identity;
  const wanted = { issuer, subject, audiences: [audience] };
  const known = present.find((one) => isFor(one, identity)) ?? present.find((one) => one.name === name);
  if (!known) {
    const description = 'The identity that Latchkey runs with';
    return (await graph.post(path, { name, ...wanted, description }, federatedCredential)).id;
  }
  if (!isFor(known, identity) || !known.audiences.includes(audience)) {
    await graph.send('PATCH', `${path}/${encodeURIComponent(known.id)}`, wanted);
  }
  return known.id;
}

/** @returns an application's; none where it is of a kind that can't have any */
export async function listFederatedCredentials(
  graph: GraphClient,
  applicationObjectId: string,
): Promise<FederatedCredential[]> {
  try {
    return await graph.list(pathOf(applicationObjectId), federatedCredential);
  } catch (error) {
    const isNone = error instanceof GraphError && (error.status === notFound || error.status === badRequest);
    if (isNone) return [];
    throw error;
  }
}

/** @returns whether it was there */
export async function removeFederatedCredential(
  graph: GraphClient,
  applicationObjectId: string,
  id: string,
): Promise<boolean> {
  try {
    await graph.send('DELETE', `${pathOf(applicationObjectId)}/${encodeURIComponent(id)}`);
    return true;
  } catch (error) {
    if (error instanceof GraphError && error.status === notFound) return false;
    throw error;
  }
}

/** @returns whether a federated credential trusts an identity */
export function isFor(
  one: Pick<FederatedCredential, 'issuer' | 'subject'>,
  { issuer, subject }: Pick<OwnIdentity, 'issuer' | 'subject'>,
): boolean {
  return one.issuer === issuer && one.subject === subject;
}

function pathOf(applicationObjectId: string): string {
  return `/applications/${encodeURIComponent(applicationObjectId)}/federatedIdentityCredentials`;
}
