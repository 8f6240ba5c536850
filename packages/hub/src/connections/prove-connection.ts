import { HubError, type HubErrorCode } from '../errors/hub-error.ts';
import { recordFailure, recordProof } from '../evidence/record-evidence.ts';
import type { OutboundResponse } from '../outbound/outbound-http.ts';
import { getTokenForProof } from '../tokens/get-access-token.ts';
import type { TokenContext } from '../tokens/token-context.ts';
import type { ServedToken } from '../tokens/token-memory.ts';
import { callEnvironment } from './call-environment.ts';

/** A stored token that can't be opened: nobody else writes that down. */
const sealedForNobody: ReadonlySet<HubErrorCode> = new Set(['vault_key_unknown', 'vault_unreadable']);

/**
 * Proves a connection by the provider's first proof, without anybody asking: by the token that is there, refreshed only
 * where that is due. It is no use of the connection. What it finds is recorded as by a test.
 */
export async function proveConnection(context: TokenContext, connectionId: string): Promise<void> {
  const [proof] = context.provider.proofs;
  if (!proof) return;
  const token = await findToken(context, connectionId);
  if (!token) return;
  let answer: OutboundResponse;
  try {
    answer = await callEnvironment(context, connectionId, token, proof);
    proof.read(answer);
  } catch (error) {
    if (!(error instanceof HubError)) throw error;
    await recordFailure(context, connectionId, error);
    return;
  }
  await recordProof(context, connectionId, { organizationId: proof.organizationOf?.(answer) ?? null });
}

/** @returns null where there is none to be had; why is recorded by whoever asked for it */
async function findToken(context: TokenContext, connectionId: string): Promise<ServedToken | null> {
  try {
    return await getTokenForProof(context, connectionId);
  } catch (error) {
    if (!(error instanceof HubError)) throw error;
    if (sealedForNobody.has(error.code)) await recordFailure(context, connectionId, error);
    return null;
  }
}
