import type { UpdateConnection } from '@latchkey/api';
import { HubError } from '../errors/hub-error.ts';
import { isTokenRefused } from '../evidence/judge-failure.ts';
import { inTransaction } from '../store/in-transaction.ts';
import { lockRow } from '../store/lock-row.ts';
import { connectionSecretPlace } from '../tokens/resolve-token-client.ts';
import type { TokenContext } from '../tokens/token-context.ts';

/**
 * Changes a connection's settings; what is left out stays. After another secret the next use asks for tokens again,
 * whatever Microsoft refused before: the sign-in itself may be as good as ever.
 *
 * @throws HubError `connection_not_found`
 */
export async function updateConnection(
  context: TokenContext,
  id: string,
  change: UpdateConnection,
): Promise<void> {
  const { name, description, requestTimeoutSeconds, disabled, clientSecret } = change;
  const sealed = clientSecret === undefined ? undefined : sealSecret(context, id, clientSecret);
  await inTransaction(context.store, async (db) => {
    const connection = await lockRow(
      context.store,
      db.selectFrom('connections').selectAll().where('id', '=', id),
      'connections',
    ).executeTakeFirst();
    if (!connection) throw new HubError('connection_not_found');
    const isTriedAgain = sealed !== undefined && isTokenRefused(connection);
    await db
      .updateTable('connections')
      .set({
        updated_at: context.clock.now(),
        ...(name !== undefined && { name }),
        ...(description !== undefined && { description }),
        ...(requestTimeoutSeconds !== undefined && { request_timeout_seconds: requestTimeoutSeconds }),
        ...(disabled !== undefined && { disabled: disabled ? 1 : 0 }),
        ...(sealed !== undefined && { sealed_client_secret: sealed }),
        ...(isTriedAgain && { failure_state: 'failing' as const }),
      })
      .where('id', '=', id)
      .execute();
  });
  context.tokenMemory.forget(id);
}

function sealSecret({ vault }: TokenContext, id: string, clientSecret: string): string {
  return vault.seal(clientSecret, connectionSecretPlace(id));
}
