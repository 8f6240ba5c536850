import { cutPage, type PageQuery, readCursor } from '../http/page.ts';
import { selectTokenStates, type TokenState, toTokenState } from '../tokens/read-token-state.ts';
import type { TokenContext } from '../tokens/token-context.ts';

export interface TokenStatePage {
  states: TokenState[];
  nextCursor: string | null;
}

/**
 * Lists connections, the newest first, a page at a time through the index on (created_at, id): connections made
 * meanwhile neither repeat nor hide others.
 *
 * @param only the connections that whoever asks may see; null for all
 * @throws HubError `invalid_body` at `cursor`, when it is none of ours
 */
export async function listConnections(
  context: TokenContext,
  { limit, cursor }: PageQuery,
  only: ReadonlySet<string> | null = null,
): Promise<TokenStatePage> {
  const after = cursor === undefined ? null : readCursor(context.store, cursor);
  let query = selectTokenStates(context.store)
    .orderBy('connections.created_at', 'desc')
    .orderBy('connections.id', 'desc');
  if (only) query = query.where('connections.id', 'in', [...only]);
  if (after) {
    query = query.where((eb) =>
      eb(eb.refTuple('connections.created_at', 'connections.id'), '<', eb.tuple(after.createdAt, after.id)),
    );
  }
  const { rows, nextCursor } = cutPage(await query.limit(limit + 1).execute(), limit);
  return { states: rows.map(toTokenState), nextCursor };
}
