import type { UpdateConnection } from '@latchkey/api';
import { readTokenState } from '../tokens/read-token-state.ts';
import type { TokenContext } from '../tokens/token-context.ts';
import { ownCredentialColumns, proveOwnCredential, readChangedCredential } from './own-credential.ts';
import { proveTypedTokens, replaceTokens } from './replace-tokens.ts';
import { testConnection } from './test-connection.ts';
import { updateConnection } from './update-connection.ts';

/**
 * Changes a connection in place: its settings, its credential, its tokens. Nothing is changed when typed tokens, or a
 * credential in place of a registration's, turn out to be wrong; what is changed of credential and tokens is tested at once.
 *
 * @param caller by what the timeline knows who changes it
 * @throws HubError `connection_not_found`, `invalid_body`, `token_not_for_environment`, and what Microsoft refuses of
 *   typed tokens, or of a credential in place of a registration's
 */
export async function changeConnection(
  context: TokenContext,
  id: string,
  change: UpdateConnection,
  caller: string | null,
): Promise<void> {
  const { connection } = await readTokenState(context, id);
  const credential = readChangedCredential(change);
  const asItWillBe = {
    ...connection,
    ...(credential && ownCredentialColumns(context.vault, id, credential)),
  };
  if (credential) await proveOwnCredential(context, asItWillBe, credential);
  const tokens = await proveTypedTokens(context, asItWillBe, change);
  await updateConnection(context, id, change, caller);
  if (tokens) await replaceTokens(context, id, tokens, caller);
  if (tokens === null && credential === null) return;
  const changed = await readTokenState(context, id);
  if (!changed.connection.disabled) await testConnection(context, id);
}
