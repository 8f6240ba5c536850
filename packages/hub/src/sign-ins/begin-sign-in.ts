import { HubError } from '../errors/hub-error.ts';
import { clockDifference } from '../ground/bounded-times.ts';
import { digest } from '../ground/digest.ts';
import { createSecret } from '../ground/random.ts';
import type { HubContext } from '../hub-context.ts';
import { signInLifeMilliseconds } from './create-sign-in-link.ts';
import {
  codeVerifierPlace,
  type SignInContext,
  type SubjectReference,
  subjectOf,
} from './sign-in-subject.ts';

/**
 * Starts a sign-in in the browser that opened the link: a new state and code verifier, kept for ten minutes and bound
 * to that browser. The link works again in the same browser, and then starts anew; in another one it is used up.
 *
 * @param browserSecret the value of the browser's cookie
 * @returns the address of Microsoft's sign-in page
 * @throws HubError `sign_in_link_invalid`, and those of the authorize URL
 */
export async function beginSignIn(
  context: SignInContext,
  ticket: string,
  browserSecret: string,
): Promise<string> {
  const browserHash = digest(browserSecret);
  const reference = await claimTicket(context, ticket, browserHash);
  if (!reference) throw new HubError('sign_in_link_invalid');
  const { db } = context.store;
  const { purpose, subjectId } = reference;
  const subject = subjectOf(context, purpose);
  const state = createSecret(context.random);
  const codeVerifier = createSecret(context.random);
  const redirectUri = subject.redirectUri();
  // The challenge is the verifier's SHA-256 (RFC 7636 §4.2).
  const { account = null } = reference;
  const request = { state, codeChallenge: digest(codeVerifier), redirectUri, account };
  const url = await subject.authorizeUrl(subjectId, request);
  const now = context.clock.now();
  const stateHash = digest(state);
  await db
    .deleteFrom('authorizations')
    .where('subject_id', '=', subjectId)
    .where('browser_hash', '=', browserHash)
    .where('consumed_at', 'is', null)
    .execute();
  await db
    .insertInto('authorizations')
    .values({
      state_hash: stateHash,
      purpose,
      subject_id: subjectId,
      sealed_code_verifier: context.vault.seal(codeVerifier, codeVerifierPlace(stateHash)),
      browser_hash: browserHash,
      redirect_uri: redirectUri,
      created_at: now,
      expires_at: now + signInLifeMilliseconds,
    })
    .execute();
  return url;
}

/** One statement, so that of two browsers with the same link only one gets it. */
async function claimTicket(
  { store, clock }: HubContext,
  ticket: string,
  browserHash: string,
): Promise<SubjectReference | null> {
  const row = await store.db
    .updateTable('sign_in_tickets')
    .set({ browser_hash: browserHash })
    .where('ticket_hash', '=', digest(ticket))
    .where('expires_at', '>', clock.now())
    .where('expires_at', '<=', clock.now() + signInLifeMilliseconds + clockDifference)
    .where((eb) => eb.or([eb('browser_hash', 'is', null), eb('browser_hash', '=', browserHash)]))
    .returning(['purpose', 'subject_id', 'account'])
    .executeTakeFirst();
  return row ? { purpose: row.purpose, subjectId: row.subject_id, account: row.account } : null;
}
