import { z } from 'zod';
import { toIso } from '../../ground/clock.ts';
import { millisecondsPerDay } from '../../ground/durations.ts';
import { readDate } from '../../ground/outside-values.ts';
import type { HubContext } from '../../hub-context.ts';
import type { RegistrationRow } from '../../store/schema.ts';
import { registrationSecretPlace } from '../../tokens/registration-credentials.ts';
import type { GraphClient } from '../graph-client.ts';
import { graphText, graphTextIfAny } from '../graph-text.ts';
import type { StepResult } from './step-result.ts';

const secrets = z.object({
  passwordCredentials: z
    .array(z.object({ keyId: z.string(), displayName: z.string().nullish() }))
    .default([]),
});
const newSecret = z.object({
  keyId: graphText,
  secretText: graphText,
  hint: graphTextIfAny,
  endDateTime: z.unknown().transform(readDate),
});

/**
 * Makes the client secret and seals its value at once; Graph shows it this one time. A secret that an earlier try made
 * and whose value was lost before it was stored is removed first: it can't be read again, and would stay valid unseen.
 */
export async function createClientSecret(
  context: Pick<HubContext, 'vault' | 'clock'>,
  graph: GraphClient,
  row: RegistrationRow,
  applicationObjectId: string,
): Promise<StepResult> {
  const path = `/applications/${encodeURIComponent(applicationObjectId)}`;
  const displayName = `Latchkey ${row.id}`;
  const { passwordCredentials } = await graph.get(`${path}?$select=passwordCredentials`, secrets);
  for (const { keyId } of passwordCredentials.filter((secret) => secret.displayName === displayName)) {
    await graph.send('POST', `${path}/removePassword`, { keyId });
  }
  const endDateTime = toIso(context.clock.now() + row.secret_lifetime_days * millisecondsPerDay);
  const secret = await graph.post(
    `${path}/addPassword`,
    { passwordCredential: { displayName, endDateTime } },
    newSecret,
  );
  // The tenant's policy may have shortened its life, so what Graph answers counts.
  const { endDateTime: endsAt } = secret;
  return {
    detail: endsAt === null ? 'Microsoft Graph does not tell its end' : `Ends ${toIso(endsAt)}`,
    values: {
      sealed_client_secret: context.vault.seal(secret.secretText, registrationSecretPlace(row.id)),
      client_secret_key_id: secret.keyId,
      client_secret_hint: secret.hint,
      client_secret_ends_at: endsAt,
    },
  };
}
