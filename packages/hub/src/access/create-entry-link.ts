import { digest } from '../ground/digest.ts';
import { millisecondsPerDay } from '../ground/durations.ts';
import { createSecret } from '../ground/random.ts';
import type { HubContext } from '../hub-context.ts';

/** The link is printed at the start and often opened much later that day. */
export const entryCodeMilliseconds = millisecondsPerDay;

/**
 * Makes a link by which a person enters the UI once. The code is in the fragment, which browsers send to nobody.
 *
 * @returns `{publicUrl}/enter#code=…`, good for 24 hours
 */
export async function createEntryLink({ config, store, clock, random }: HubContext): Promise<string> {
  const code = createSecret(random);
  await store.db
    .insertInto('entry_codes')
    .values({ code_hash: digest(code), expires_at: clock.now() + entryCodeMilliseconds, used_at: null })
    .execute();
  return `${config.publicUrl}/enter#code=${code}`;
}
