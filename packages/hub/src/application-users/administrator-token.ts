import { HubError } from '../errors/hub-error.ts';
import { endOfPause } from '../ground/bounded-times.ts';
import { millisecondsPerMinute } from '../ground/durations.ts';
import type { HubContext } from '../hub-context.ts';
import { noLease } from '../store/lease.ts';
import type { ApplicationUserRow } from '../store/schema.ts';
import { accessTokenEnd, longestTokenLife } from '../token-endpoint/access-token-end.ts';
import { readTokenFacts } from '../token-endpoint/read-token-facts.ts';
import type { TokenAnswer } from '../token-endpoint/request-token.ts';
import type { ApplicationUserChange } from './application-user-row.ts';
import { withStep } from './application-user-steps.ts';

/** A token about to end would end in the middle of a step. */
const leewayMilliseconds = millisecondsPerMinute;

type TokenColumns = Pick<ApplicationUserRow, 'sealed_administrator_token' | 'administrator_token_expires_at'>;

/** @returns whether a stored administrator's token can still do a step */
export function hasAdministratorToken(row: TokenColumns, now: number): boolean {
  const endsAt = endOfPause(row.administrator_token_expires_at ?? 0, now, longestTokenLife);
  return row.sealed_administrator_token !== null && endsAt - leewayMilliseconds > now;
}

/** @throws HubError `administrator_sign_in_ended` */
export function openAdministratorToken(
  { vault, clock }: Pick<HubContext, 'vault' | 'clock'>,
  row: ApplicationUserRow,
): string {
  const { sealed_administrator_token: sealed } = row;
  if (sealed === null || !hasAdministratorToken(row, clock.now())) {
    throw new HubError('administrator_sign_in_ended');
  }
  return vault.open(sealed, administratorTokenPlace(row.connection_id));
}

/** What changes once an administrator of the environment has signed in. A refresh token is not kept. */
export function signedInChange(
  { vault, clock }: Pick<HubContext, 'vault' | 'clock'>,
  row: ApplicationUserRow,
  { accessToken, expiresInSeconds }: TokenAnswer,
): ApplicationUserChange {
  const facts = readTokenFacts(accessToken);
  return {
    state: row.state === 'undoing' ? 'undoing' : 'running',
    sealed_sign_in_link: null,
    sealed_administrator_token: vault.seal(accessToken, administratorTokenPlace(row.connection_id)),
    administrator_token_expires_at: accessTokenEnd(expiresInSeconds, facts, clock.now()),
    steps: withStep(row, 'sign_in', {
      state: 'done',
      detail: facts?.user ? `Signed in as ${facts.user}` : 'Signed in',
      failure: null,
    }),
    ...noLease,
  };
}

/** Where the sealed token of an environment's administrator belongs; moved elsewhere it does not open. */
function administratorTokenPlace(connectionId: string): string {
  return `application_users/${connectionId}/sealed_administrator_token`;
}
