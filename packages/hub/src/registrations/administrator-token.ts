import { HubError } from '../errors/hub-error.ts';
import { endOfPause } from '../ground/bounded-times.ts';
import { millisecondsPerMinute } from '../ground/durations.ts';
import type { HubContext } from '../hub-context.ts';
import type { RegistrationRow } from '../store/schema.ts';
import { accessTokenEnd, longestTokenLife } from '../token-endpoint/access-token-end.ts';
import { readTokenFacts } from '../token-endpoint/read-token-facts.ts';
import type { TokenAnswer } from '../token-endpoint/request-token.ts';
import type { RegistrationChange } from './change-registration.ts';
import { noSignInUnderWay } from './cleared-columns.ts';
import { readSteps, withStep } from './registration-steps.ts';

/** A token about to end would end in the middle of a step. */
const leewayMilliseconds = millisecondsPerMinute;

/** @returns whether a stored administrator's token can still do a step */
export function hasAdministratorToken(
  row: Pick<RegistrationRow, 'sealed_administrator_token' | 'administrator_token_expires_at'>,
  now: number,
): boolean {
  const endsAt = endOfPause(row.administrator_token_expires_at ?? 0, now, longestTokenLife);
  return row.sealed_administrator_token !== null && endsAt - leewayMilliseconds > now;
}

/** @throws HubError `administrator_sign_in_ended` */
export function openAdministratorToken(
  { vault, clock }: Pick<HubContext, 'vault' | 'clock'>,
  row: RegistrationRow,
): string {
  const { sealed_administrator_token: sealed } = row;
  if (sealed === null || !hasAdministratorToken(row, clock.now())) {
    throw new HubError('administrator_sign_in_ended');
  }
  return vault.open(sealed, administratorTokenPlace(row.id));
}

/**
 * What changes once the administrator has signed in: the token is sealed for the time of the steps, and the
 * registration goes on, forwards or with its undoing. There is no refresh token to keep, since none was asked for.
 */
export function signedInChange(
  { vault, clock }: Pick<HubContext, 'vault' | 'clock'>,
  row: RegistrationRow,
  { accessToken, expiresInSeconds }: TokenAnswer,
): RegistrationChange {
  const now = clock.now();
  const facts = readTokenFacts(accessToken);
  const signedIn = {
    ...noSignInUnderWay,
    sealed_administrator_token: vault.seal(accessToken, administratorTokenPlace(row.id)),
    administrator_token_expires_at: accessTokenEnd(expiresInSeconds, facts, now),
  };
  // The steps that made it are long done.
  if (row.state === 'ready') return signedIn;
  const begun = readSteps(row).find(({ name }) => name === 'sign_in');
  return {
    ...signedIn,
    state: row.state === 'undoing' ? 'undoing' : 'running',
    steps: withStep(row, 'sign_in', {
      state: 'done',
      detail: facts?.user ? `Signed in as ${facts.user}` : 'Signed in',
      attempts: (begun?.attempts ?? 0) + 1,
      durationMs: now - (begun?.startedAt ?? now),
      failure: null,
    }),
  };
}

/** Where the sealed token of an administrator belongs; a value moved to another row or column does not open. */
function administratorTokenPlace(registrationId: string): string {
  return `registrations/${registrationId}/sealed_administrator_token`;
}
