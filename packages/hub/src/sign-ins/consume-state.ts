import { clockDifference } from '../ground/bounded-times.ts';
import { digest } from '../ground/digest.ts';
import type { HubContext } from '../hub-context.ts';
import type { AuthorizationRow } from '../store/schema.ts';
import { signInLifeMilliseconds } from './create-sign-in-link.ts';
import type { SubjectReference } from './sign-in-subject.ts';

export type StateVerdict =
  | { outcome: 'consumed'; authorization: AuthorizationRow }
  | {
      outcome: 'refused';
      code: 'state_unknown' | 'state_used' | 'state_expired' | 'state_other_browser';
      /** What the sign-in was for; null when nobody knows the state, or it is another browser's. */
      subject: SubjectReference | null;
    };

/**
 * Uses up the state that came back from Microsoft: by one statement, so that of two hits only one exchanges the code
 * (AADSTS54005); within ten minutes; in the browser where it was started (RFC 9700 §4.7).
 *
 * @param browserSecret the value of the browser's cookie, if it sent one
 */
export async function consumeState(
  context: Pick<HubContext, 'store' | 'clock'>,
  state: string,
  browserSecret: string | undefined,
): Promise<StateVerdict> {
  const { db } = context.store;
  const now = context.clock.now();
  const stateHash = digest(state);
  const browserHash = browserSecret === undefined ? '' : digest(browserSecret);
  const authorization = await db
    .updateTable('authorizations')
    .set({ consumed_at: now })
    .where('state_hash', '=', stateHash)
    .where('browser_hash', '=', browserHash)
    .where('consumed_at', 'is', null)
    .where('expires_at', '>', now)
    .where('expires_at', '<=', now + signInLifeMilliseconds + clockDifference)
    .returningAll()
    .executeTakeFirst();
  if (authorization) {
    // The link has done its work; it must not start another sign-in.
    await db
      .deleteFrom('sign_in_tickets')
      .where('subject_id', '=', authorization.subject_id)
      .where('browser_hash', '=', browserHash)
      .execute();
    return { outcome: 'consumed', authorization };
  }
  const row = await db
    .selectFrom('authorizations')
    .selectAll()
    .where('state_hash', '=', stateHash)
    .executeTakeFirst();
  if (!row) return { outcome: 'refused', code: 'state_unknown', subject: null };
  if (row.browser_hash !== browserHash)
    return { outcome: 'refused', code: 'state_other_browser', subject: null };
  const subject = { purpose: row.purpose, subjectId: row.subject_id };
  return { outcome: 'refused', code: row.consumed_at === null ? 'state_expired' : 'state_used', subject };
}
