import { HubError } from '../errors/hub-error.ts';
import { millisecondsPerSecond } from '../ground/durations.ts';
import { readTokenState, type TokenState } from './read-token-state.ts';
import type { RefreshGuard } from './store-token-set.ts';
import type { TokenContext } from './token-context.ts';

/** Longer than a token request may take (20 s), so that whoever holds the lease writes before it ends. */
const leaseMilliseconds = 30 * millisecondsPerSecond;

const firstPoll = 20;
const longestPoll = 500;

/**
 * Takes the lease on refreshing a connection, by one statement. The fencing number grows with every lease: a holder
 * that was stopped for long can't write over what came after it.
 *
 * @returns null while another holds it
 */
export async function acquireLease(
  context: TokenContext,
  connectionId: string,
): Promise<RefreshGuard | null> {
  const now = context.clock.now();
  const taken = await context.store.db
    .updateTable('token_sets')
    .set((eb) => ({
      lease_owner: context.random.bytes(16).toString('hex'),
      lease_until: now + leaseMilliseconds,
      lease_fence: eb('lease_fence', '+', 1),
    }))
    .where('connection_id', '=', connectionId)
    .where('lease_until', '<=', now)
    .returning(['version', 'lease_fence'])
    .executeTakeFirst();
  return taken ? { version: taken.version, fence: taken.lease_fence } : null;
}

/** Ends the lease, unless another has taken it meanwhile. */
export async function releaseLease(
  context: TokenContext,
  connectionId: string,
  guard: RefreshGuard,
): Promise<void> {
  await context.store.db
    .updateTable('token_sets')
    .set({ lease_owner: null, lease_until: 0 })
    .where('connection_id', '=', connectionId)
    .where('lease_fence', '=', guard.fence)
    .execute();
}

/**
 * Waits until the holder of the lease has stored its tokens, has given up, or its lease has ended with it.
 *
 * @returns the state then
 * @throws HubError `token_endpoint_unavailable` when the lease is taken again and again
 */
export async function awaitLeaseHolder(
  context: TokenContext,
  connectionId: string,
  seenVersion: number,
): Promise<TokenState> {
  let waited = 0;
  for (let poll = firstPoll; waited <= leaseMilliseconds; poll = Math.min(poll * 2, longestPoll)) {
    await context.sleep(poll);
    waited += poll;
    const state = await readTokenState(context, connectionId);
    const { version, lease_until: leaseUntil } = state.tokenSet;
    if (version !== seenVersion || leaseUntil <= context.clock.now()) return state;
  }
  throw new HubError('token_endpoint_unavailable', {
    detail: 'Another process is still refreshing the tokens.',
  });
}
