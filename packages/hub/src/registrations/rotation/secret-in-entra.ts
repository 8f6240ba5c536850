import { z } from 'zod';
import { HubError } from '../../errors/hub-error.ts';
import { toIso } from '../../ground/clock.ts';
import { badRequest, notFound } from '../../ground/http-status.ts';
import { readDate } from '../../ground/outside-values.ts';
import type { RegistrationRow } from '../../store/schema.ts';
import { type ApplicationFacts, readApplication } from '../checks/read-application.ts';
import type { GraphClient } from '../graph-client.ts';
import { GraphError } from '../graph-error.ts';
import { graphText, graphTextIfAny } from '../graph-text.ts';
import { ownSecretName } from './own-secret-name.ts';

const madeSecret = z.object({
  keyId: graphText,
  secretText: graphText,
  hint: graphTextIfAny,
  endDateTime: z.unknown().transform(readDate),
});
/** A secret that was just made; Microsoft Graph shows its text this one time. */
export type MadeSecret = z.output<typeof madeSecret>;

/** @throws HubError `graph_refused` when the tenant has no such application any more */
export async function requireApplication(
  graph: GraphClient,
  row: RegistrationRow,
): Promise<ApplicationFacts> {
  const application = await readApplication(graph, row);
  if (!application) {
    throw new HubError('graph_refused', {
      detail: 'The application is no longer in the tenant, or the application may not see it.',
      remedy:
        'Restore it in the portal under "Deleted applications" within 30 days, or make a new registration.',
    });
  }
  return application;
}

/** @param endsAt epoch milliseconds; the tenant's policy may shorten it */
export async function addSecret(
  graph: GraphClient,
  { id }: ApplicationFacts,
  { name, endsAt }: { name: string; endsAt: number },
): Promise<MadeSecret> {
  const passwordCredential = { displayName: name, endDateTime: toIso(endsAt) };
  return graph.post(`${pathOf(id)}/addPassword`, { passwordCredential }, madeSecret);
}

/** @returns whether it was there */
export async function removeSecret(
  graph: GraphClient,
  { id }: ApplicationFacts,
  keyId: string,
): Promise<boolean> {
  try {
    await graph.send('POST', `${pathOf(id)}/removePassword`, { keyId });
    return true;
  } catch (error) {
    // Graph answers 400 for a secret that is not there.
    const isGone = error instanceof GraphError && (error.status === notFound || error.status === badRequest);
    if (isGone) return false;
    throw error;
  }
}

/**
 * Removes the secrets that the hub has made for a registration and that it does not keep: a process was killed before it
 * could store one, or a person has given another since. They can't be read again, and would stay valid unseen.
 */
export async function removeLostSecrets(
  graph: GraphClient,
  application: ApplicationFacts,
  row: RegistrationRow,
): Promise<void> {
  const kept = new Set([row.client_secret_key_id, row.previous_secret_key_id]);
  const lost = application.passwordCredentials.filter(
    ({ keyId, displayName }) => displayName?.startsWith(ownSecretName(row.id)) && !kept.has(keyId),
  );
  for (const { keyId } of lost) await removeSecret(graph, application, keyId);
}

function pathOf(applicationObjectId: string): string {
  return `/applications/${encodeURIComponent(applicationObjectId)}`;
}
