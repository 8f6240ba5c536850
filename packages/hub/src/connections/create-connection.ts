import type { CreateConnection } from '@latchkey/api';
import type { Insertable } from 'kysely';
import { HubError } from '../errors/hub-error.ts';
import { by, recordEvent } from '../events/record-event.ts';
import { createId } from '../ground/create-id.ts';
import { millisecondsPerSecond } from '../ground/durations.ts';
import { OutboundError } from '../outbound/outbound-http.ts';
import { inTransaction } from '../store/in-transaction.ts';
import type { Database } from '../store/schema.ts';
import { scheduleUpkeep } from '../tokens/schedule-upkeep.ts';
import { sealTokenSet } from '../tokens/store-token-set.ts';
import type { TokenContext } from '../tokens/token-context.ts';
import { fillFromPasted } from './fill-from-pasted.ts';
import { ownCredentialColumns } from './own-credential.ts';
import { resolveSettings } from './resolve-settings.ts';

const usualTimeoutSeconds = 20;
/** The person waits for it. */
const findTenantTimeout = 5 * millisecondsPerSecond;

/**
 * Saves a connection. What was typed is checked as far as that needs no credentials; whether they are good is for the
 * test to say, and saving does not depend on it.
 *
 * A connection string given as the address also says what the fields leave out.
 *
 * @param caller by what the timeline knows who made it
 * @returns the id of the connection
 * @throws HubError `environment_address_invalid`, `invalid_body`, `address_not_allowed`, each with the field;
 *   `registration_not_found`, `registration_not_ready`
 */
export async function createConnection(
  context: TokenContext,
  given: CreateConnection,
  caller: string | null,
): Promise<string> {
  const { provider } = context;
  const { origin, pasted } = provider.parseEnvironmentUrl(context.config.cloud, given.environmentUrl);
  const input = fillFromPasted(given, pasted);
  const settings = await resolveSettings(context, input);
  const tenantId =
    input.tenantId ?? settings.tenantId ?? (await findTenant(context, origin)) ?? settings.fallbackTenantId;
  if (input.method === 'client_credentials' && tenantId === null) {
    throw new HubError('invalid_body', {
      fields: [
        {
          path: 'tenantId',
          message: 'The environment does not tell its tenant now: give the directory (tenant) id.',
        },
      ],
    });
  }
  const id = createId(context.random);
  const now = context.clock.now();
  const needsSignIn = settings.tokens === null && input.method !== 'client_credentials';
  const connection: Insertable<Database['connections']> = {
    id,
    provider: provider.id,
    name: input.name ?? provider.usualConnectionName,
    description: input.description ?? '',
    method: input.method,
    environment_url: origin,
    tenant_id: tenantId,
    client_id: settings.clientId,
    registration_id: settings.registrationId,
    ...ownCredentialColumns(context.vault, id, settings.credential),
    endpoint_version: settings.endpointVersion,
    token_url: settings.tokenUrl,
    request_timeout_seconds: input.requestTimeoutSeconds ?? usualTimeoutSeconds,
    disabled: 0,
    user_name: settings.user,
    failed_tries: 0,
    ...(needsSignIn && { state: 'needs_sign_in', state_since: now }),
    created_at: now,
    updated_at: now,
  };
  const tokenSet = {
    connection_id: id,
    version: 0,
    lease_until: 0,
    lease_fence: 0,
    ...(settings.tokens && sealTokenSet(context, id, settings.tokens)),
  };
  await inTransaction(context.store, async (db) => {
    await db.insertInto('connections').values(connection).execute();
    await db.insertInto('token_sets').values(tokenSet).execute();
    await scheduleUpkeep(context, db, id);
    await recordEvent(db, context, {
      subject: { kind: 'connection', id },
      kind: 'created',
      summary: 'The connection was created.',
      facts: { name: connection.name, method: input.method, environmentUrl: origin, ...by(caller) },
    });
  });
  return id;
}

/** @returns the tenant that an environment belongs to, or null when it can't be found out now */
async function findTenant(context: TokenContext, environmentUrl: string): Promise<string | null> {
  try {
    return await context.provider.probeEnvironment(context, environmentUrl, findTenantTimeout);
  } catch (error) {
    // Saving does not depend on the environment answering; the test says why it doesn't.
    if (error instanceof OutboundError || error instanceof HubError) return null;
    throw error;
  }
}
