import { parseOAuthErrorParameters } from '@latchkey/microsoft';
import { HubError } from '../errors/hub-error.ts';
import { describeCallbackError } from '../token-endpoint/describe-token-failure.ts';
import { exchangeAuthorizationCode, type SignInCallback } from '../tokens/exchange-authorization-code.ts';
import { storeTokenSet } from '../tokens/store-token-set.ts';
import type { TokenContext } from '../tokens/token-context.ts';
import { findConnection } from './find-connection.ts';
import { testConnection } from './test-connection.ts';

/**
 * Completes a connection's sign-in: redeems the code, stores the tokens, and proves them. Once stored, the sign-in is
 * done whatever the proof says; its finding is in the connection's state.
 *
 * @throws HubError when Microsoft sent an error instead of a code, or the code could not be redeemed
 */
export async function completeConnectionSignIn(
  context: TokenContext,
  { connectionId, callback }: { connectionId: string; callback: SignInCallback },
): Promise<void> {
  const { searchParams } = new URL(callback.url);
  const refusal = parseOAuthErrorParameters(searchParams);
  if (refusal) throw describeCallbackError(refusal);
  if (!searchParams.has('code')) {
    throw new HubError('sign_in_declined', { detail: 'Microsoft sent back neither a code nor an error.' });
  }
  const connection = await findConnection(context, connectionId);
  const answer = await exchangeAuthorizationCode(context, connection, callback);
  await storeTokenSet(context, connectionId, answer);
  if (!connection.disabled) await testConnection(context, connectionId);
}
