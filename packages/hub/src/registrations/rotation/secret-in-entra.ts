import { z } from 'zod';
import { HubError } from '../../errors/hub-error.ts';
import { toIso } from '../../ground/clock.ts';
import { millisecondsPerDay } from '../../ground/durations.ts';
import { badRequest, notFound } from '../../ground/http-status.ts';
import { readDate } from '../../ground/outside-values.ts';
import type { RegistrationRow } from '../../store/schema.ts';
import { type ApplicationFacts, readApplication } from '../checks/read-application.ts';
import type { CredentialInEntra } from '../credential-in-entra.ts';
import type { GraphClient } from '../graph-client.ts';
import { GraphError } from '../graph-error.ts';
import { graphText, graphTextIfAny } from '../graph-text.ts';
import { isOwnName, ownSecretName } from '../own-secret-name.ts';

const usualLifetimeDays = 365;

/** Microsoft Graph shows its text this one time. */
const madeSecret = z.object({
  keyId: graphText,
  secretText: graphText,
  hint: graphTextIfAny,
  endDateTime: z.unknown().transform(readDate),
});
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

/** Client secrets, which Entra ID makes and shows once. */
export const secretInEntra: CredentialInEntra = {
  async make({ context, row }, graph, { id }) {
    const lifetime = (row.secret_lifetime_days || usualLifetimeDays) * millisecondsPerDay;
    const passwordCredential = {
      displayName: row.rotation_name ?? ownSecretName(row.id),
      endDateTime: toIso(context.clock.now() + lifetime),
    };
    const made = await graph.post(`${pathOf(id)}/addPassword`, { passwordCredential }, madeSecret);
    // The tenant's policy may have shortened its life, so what Graph answers counts.
    return { keyId: made.keyId, text: made.secretText, hint: made.hint, endsAt: made.endDateTime };
  },

  async remove(graph, { id }, keyId) {
    try {
      await graph.send('POST', `${pathOf(id)}/removePassword`, { keyId });
      return true;
    } catch (error) {
      // Graph answers 400 for a secret that is not there.
      const isGone =
        error instanceof GraphError && (error.status === notFound || error.status === badRequest);
      if (isGone) return false;
      throw error;
    }
  },

  listOwn(_graph, { passwordCredentials }, row) {
    return passwordCredentials
      .filter(({ displayName }) => isOwnName(row.id, displayName))
      .filter(({ keyId }) => keyId !== row.client_secret_key_id)
      .map(({ keyId }) => keyId);
  },
};

function pathOf(applicationObjectId: string): string {
  return `/applications/${encodeURIComponent(applicationObjectId)}`;
}
