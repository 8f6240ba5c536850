import type { UpdateConnection } from '@latchkey/api';
import { HubError } from '../errors/hub-error.ts';
import { isTokenRefused } from '../evidence/judge-failure.ts';
import { readTokenState } from '../tokens/read-token-state.ts';
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
  const { connection } = await readTokenState(context, id);
  const { name, description, requestTimeoutSeconds, disabled, clientSecret } = change;
  const isTriedAgain = clientSecret !== undefined && isTokenRefused(connection);
  const written = await context.store.db
    .updateTable('connections')
    .set({
      updated_at: context.clock.now(),
      ...(name !== undefined && { name }),
      ...(description !== undefined && { description }),
      ...(requestTimeoutSeconds !== undefined && { request_timeout_seconds: requestTimeoutSeconds }),
      ...(disabled !== undefined && { disabled: disabled ? 1 : 0 }),
      ...(clientSecret !== undefined && {
        sealed_client_secret: context.vault.seal(clientSecret, connectionSecretPlace(id)),
      }),
      ...(isTriedAgain && { failure_state: 'failing' as const }),
    })
    .where('id', '=', id)
    .executeTakeFirst();
  if (written.numUpdatedRows === 0n) throw new HubError('connection_not_found');
  context.tokenMemory.forget(id);
}
