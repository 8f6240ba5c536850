import { HubError } from '../errors/hub-error.ts';
import { clockDifference } from '../ground/bounded-times.ts';
import { digest } from '../ground/digest.ts';
import { millisecondsPerSecond } from '../ground/durations.ts';
import { createSecret } from '../ground/random.ts';
import type { HubContext } from '../hub-context.ts';
import { inTransaction } from '../store/in-transaction.ts';
import { entryCodeMilliseconds } from './create-entry-link.ts';
import { sessionSeconds } from './session-cookie.ts';

/**
 * Takes a one-time link's code and makes a session of it. The code is used up by one statement: of two that come at
 * once, one gets in.
 *
 * @returns the cookie's value, known only here and to the browser, and when the session ends
 * @throws HubError `entry_code_invalid`
 */
export async function redeemEntryCode(
  { store, clock, random }: HubContext,
  code: string,
): Promise<{ session: string; expiresAt: number }> {
  const now = clock.now();
  const session = createSecret(random);
  const expiresAt = now + sessionSeconds * millisecondsPerSecond;
  await inTransaction(store, async (db) => {
    const { numUpdatedRows } = await db
      .updateTable('entry_codes')
      .set({ used_at: now })
      .where('code_hash', '=', digest(code))
      .where('used_at', 'is', null)
      .where('expires_at', '>', now)
      .where('expires_at', '<=', now + entryCodeMilliseconds + clockDifference)
      .executeTakeFirst();
    if (numUpdatedRows === 0n) throw new HubError('entry_code_invalid');
    await db
      .insertInto('sessions')
      .values({ session_hash: digest(session), created_at: now, expires_at: expiresAt })
      .execute();
    // Ended ones go when new ones come; an index leads to them.
    await db.deleteFrom('sessions').where('expires_at', '<=', now).execute();
    await db.deleteFrom('entry_codes').where('expires_at', '<=', now).execute();
  });
  return { session, expiresAt };
}
