import { z } from 'zod';
import { digest } from '../ground/digest.ts';
import { millisecondsPerDay, millisecondsPerMinute } from '../ground/durations.ts';
import { createSecret } from '../ground/random.ts';
import type { HubContext } from '../hub-context.ts';
import type { SubjectReference } from './sign-in-subject.ts';

/** The link and the sign-in that it starts live for ten minutes each. */
export const signInLifeMilliseconds = 10 * millisecondsPerMinute;

/** A used state stays known for so long that a second hit can be told "already done". */
export const rememberedMilliseconds = millisecondsPerDay;

/** The shape of a `SignInLink`, for where it is stored. */
export const signInLinkSchema = z.object({
  url: z.string(),
  /** Epoch milliseconds. */
  expiresAt: z.number(),
});
/** A link for the person's own browser; opening it goes on to Microsoft's sign-in page. */
export type SignInLink = z.output<typeof signInLinkSchema>;

/** Makes a link that starts a sign-in in the browser that opens it first. Only its hash is stored. */
export async function createSignInLink(
  context: Pick<HubContext, 'config' | 'store' | 'clock' | 'random'>,
  { purpose, subjectId, account = null }: SubjectReference,
): Promise<SignInLink> {
  const { db } = context.store;
  const now = context.clock.now();
  const ticket = createSecret(context.random);
  const expiresAt = now + signInLifeMilliseconds;
  await db.deleteFrom('sign_in_tickets').where('expires_at', '<=', now).execute();
  await db
    .deleteFrom('authorizations')
    .where('expires_at', '<=', now - rememberedMilliseconds)
    .execute();
  await db
    .insertInto('sign_in_tickets')
    .values({ ticket_hash: digest(ticket), purpose, subject_id: subjectId, account, expires_at: expiresAt })
    .execute();
  return { url: `${context.config.publicUrl}/sign-in/${ticket}`, expiresAt };
}
