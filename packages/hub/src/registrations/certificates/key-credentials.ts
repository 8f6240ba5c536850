import { X509Certificate } from 'node:crypto';
import { z } from 'zod';
import { toIso } from '../../ground/clock.ts';
import { certificateFacts } from '../../token-endpoint/client-certificate.ts';
import type { GraphClient } from '../graph-client.ts';

/** As Graph shows it; all of it goes back with a change, since PATCH replaces the whole list. */
const keyCredential = z.looseObject({ keyId: z.string(), displayName: z.string().nullish() });
const keyCredentials = z.object({ keyCredentials: z.array(keyCredential).default([]) });
type KeyCredential = z.infer<typeof keyCredential>;

/** A certificate to be put into an application. */
export interface NewKeyCredential {
  keyId: string;
  displayName: string;
  /** X.509 in PEM; the public part. */
  certificate: string;
}

/**
 * Puts a certificate into an application beside those that are there; one that an earlier try put there under the same name
 * goes, since its private key was lost. `addKey` is of no use: it asks for a proof by a certificate that is there already.
 */
export async function putKeyCredential(
  graph: GraphClient,
  applicationObjectId: string,
  added: NewKeyCredential,
): Promise<void> {
  const present = await readKeyCredentials(graph, applicationObjectId);
  const others = present.filter(({ displayName }) => displayName !== added.displayName);
  await writeKeyCredentials(graph, applicationObjectId, [...others, describe(added)]);
}

/** Takes certificates out of an application. @returns whether there was such a one */
export async function removeKeyCredentials(
  graph: GraphClient,
  applicationObjectId: string,
  isToGo: (known: KeyCredential) => boolean,
): Promise<boolean> {
  const present = await readKeyCredentials(graph, applicationObjectId);
  const kept = present.filter((known) => !isToGo(known));
  if (kept.length === present.length) return false;
  await writeKeyCredentials(graph, applicationObjectId, kept);
  return true;
}

async function readKeyCredentials(graph: GraphClient, applicationObjectId: string): Promise<KeyCredential[]> {
  // Only when it is asked for alone does Graph show the certificates themselves.
  const path = `${pathOf(applicationObjectId)}?$select=keyCredentials`;
  return (await graph.get(path, keyCredentials)).keyCredentials;
}

/** What somebody else adds between the reading and this is lost: Graph has no condition for it. */
async function writeKeyCredentials(
  graph: GraphClient,
  applicationObjectId: string,
  all: KeyCredential[],
): Promise<void> {
  await graph.send('PATCH', pathOf(applicationObjectId), { keyCredentials: all });
}

function pathOf(applicationObjectId: string): string {
  return `/applications/${encodeURIComponent(applicationObjectId)}`;
}

function describe({ keyId, displayName, certificate }: NewKeyCredential): KeyCredential {
  const facts = certificateFacts(certificate);
  return {
    keyId,
    displayName,
    type: 'AsymmetricX509Cert',
    usage: 'Verify',
    key: new X509Certificate(certificate).raw.toString('base64'),
    ...(facts && { startDateTime: toIso(facts.startsAt), endDateTime: toIso(facts.endsAt) }),
  };
}
