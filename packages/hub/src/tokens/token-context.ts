import type { ProviderContext } from '../providers/provider.ts';
import type { AuthorityBreakers } from '../token-endpoint/authority-breaker.ts';
import type { TokenMemory } from './token-memory.ts';

/** What is handed to everything that serves or changes a connection's tokens. */
export interface TokenContext extends ProviderContext {
  /** Tokens that were served a moment ago and refreshes under way in this process. */
  tokenMemory: TokenMemory;
  /** Which authorities are known to be away. */
  authorityBreakers: AuthorityBreakers;
  /** Whose tokens this process has handed out since that was last written down, and when. */
  uses: Map<string, number>;
}
