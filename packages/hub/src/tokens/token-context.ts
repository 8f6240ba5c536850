import type { HubContext } from '../hub-context.ts';
import type { TokenMemory } from './token-memory.ts';

/** What is handed to everything that serves or changes a connection's tokens. */
export interface TokenContext extends HubContext {
  /** Tokens that were served a moment ago and refreshes under way in this process. */
  tokenMemory: TokenMemory;
}
