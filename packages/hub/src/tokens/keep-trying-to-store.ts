import { millisecondsPerMinute } from '../ground/durations.ts';
import type { HubContext } from '../hub-context.ts';
import { isStoreUnavailable } from '../store/is-store-unavailable.ts';

const firstWait = 50;
/** Shorter than others wait before they take a lease that has ended (`refreshTokenSet`). */
const longestWait = 500;
/** As long as a database takes to start anew or to be taken over by its standby. */
const patience = millisecondsPerMinute;

/**
 * Stores what a token endpoint has answered, again and again while the database is away: a refresh token that was just
 * handed out exists nowhere else.
 *
 * @throws what `store` throws when it is something else, or the database stays away
 */
export async function keepTryingToStore<T>(
  { sleep, log }: Pick<HubContext, 'sleep' | 'log'>,
  connectionId: string,
  store: () => Promise<T>,
): Promise<T> {
  let waited = 0;
  for (let wait = firstWait; ; wait = Math.min(wait * 2, longestWait)) {
    try {
      return await store();
    } catch (error) {
      if (waited >= patience || !isStoreUnavailable(error)) throw error;
      log.warn(
        { err: error, connectionId },
        'the database is away; tokens are kept and stored once it is back',
      );
    }
    await sleep(wait);
    waited += wait;
  }
}
