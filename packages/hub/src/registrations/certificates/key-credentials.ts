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
 *
 * @param keptKeyId of a certificate of that name that stays: the one in use, while another takes its place
 */
export async function putKeyCredential(
  graph: GraphClient,
  applicationObjectId: string,
  { keyId, displayName, certificate }: NewKeyCredential,
  keptKeyId: string | null = null,
): Promise<void> {
  await changeKeyCredentials(graph, applicationObjectId, (present) => [
    ...present.filter((known) => known.displayName !== displayName || known.keyId === keptKeyId),
    describe({ keyId, displayName, certificate }),
  ]);
}

/** Takes a certificate out of an application. One that is gone already is fine. */
export async function removeKeyCredential(
  graph: GraphClient,
  applicationObjectId: string,
  keyId: string,
): Promise<void> {
  await changeKeyCredentials(graph, applicationObjectId, (present) =>
    present.some((known) => known.keyId === keyId) ? present.filter((known) => known.keyId !== keyId) : null,
  );
}

/** @param change null when there is nothing to change */
async function changeKeyCredentials(
  graph: GraphClient,
  applicationObjectId: string,
  change: (present: KeyCredential[]) => KeyCredential[] | null,
): Promise<void> {
  const path = `/applications/${encodeURIComponent(applicationObjectId)}`;
  // Only when it is asked for alone does Graph show the certificates themselves.
  const present = await graph.get(`${path}?$select=keyCredentials`, keyCredentials);
  const changed = change(present.keyCredentials);
  if (changed) await graph.send('PATCH', path, { keyCredentials: changed });
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
