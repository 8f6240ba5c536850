import type { HubContext } from '../hub-context.ts';
import type { KeySource } from '../vault/key-source.ts';

/** What the commands about keys work with: the database and the keys, whether hubs run or not. */
export interface KeyContext
  extends Pick<HubContext, 'store' | 'vault' | 'clock' | 'sleep' | 'random' | 'log'> {
  source: KeySource;
}
