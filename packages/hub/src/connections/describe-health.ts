import { type ConnectionHealth, failureSchema } from '@latchkey/api';
import { storedFailure } from '../evidence/judge-failure.ts';
import { toIso, toIsoIfUsable, unknownTime } from '../ground/clock.ts';
import { millisecondsPerDay } from '../ground/durations.ts';
import { readColumn } from '../ground/read-json.ts';
import type { RegistrationRow } from '../store/schema.ts';
import { readTokenState, type TokenState } from '../tokens/read-token-state.ts';
import { type RefreshTokenEnd, refreshTokenEnd } from '../tokens/refresh-token-end.ts';
import { rejectedTokens } from '../tokens/rejected-tokens.ts';
import type { TokenContext } from '../tokens/token-context.ts';
import { presentConnection, presentTokenFacts } from './present-connection.ts';

/** So long before its end a credential is warned of. */
const warnedDays = 30;
/** The keeper has used a refresh token long before this, where it can. */
const warnedOfGrantDays = 7;

type Warning = ConnectionHealth['warnings'][number];

/**
 * @returns all that is known of how a connection stands: its state with the evidence, what its token says, what is done
 *   next, and what may not last
 * @throws HubError `connection_not_found`
 */
export async function describeHealth(context: TokenContext, connectionId: string): Promise<ConnectionHealth> {
  const state = await readTokenState(context, connectionId);
  const { db } = context.store;
  const { registration_id: registrationId } = state.connection;
  const [due, registrationRow] = await Promise.all([
    db
      .selectFrom('due_work')
      .select(['kind', 'due_at'])
      .where('subject_id', '=', connectionId)
      .orderBy('due_at')
      .orderBy('kind')
      .execute(),
    registrationId === null
      ? undefined
      : db.selectFrom('registrations').selectAll().where('id', '=', registrationId).executeTakeFirst(),
  ]);
  const { status } = presentConnection(context, state);
  const registration = registrationRow ? presentRegistration(registrationRow) : null;
  return {
    connectionId,
    status,
    token: presentTokenFacts(state),
    due: due.map((work) => ({ kind: work.kind, dueAt: toIso(work.due_at) })),
    registration,
    warnings: [
      ...warningsOf(state, status, registration, context.clock.now()),
      ...warningsOfTokens(state, context.clock.now()),
    ],
  };
}

function presentRegistration(row: RegistrationRow): NonNullable<ConnectionHealth['registration']> {
  const { id, name, state, secret_alarm: alarm } = row;
  return {
    id,
    name,
    state,
    credentialEndsAt: toIsoIfUsable(row.client_secret_ends_at),
    alarm: alarm === null ? null : readColumn(failureSchema, alarm, 'registrations.secret_alarm'),
  };
}

function warningsOfTokens(state: TokenState, now: number): Warning[] {
  const warnings: Warning[] = [];
  const [end, rejected] = [refreshTokenEnd(state), rejectedTokens(state)];
  if (end !== null && end.endsAt - now < warnedOfGrantDays * millisecondsPerDay)
    warnings.push({ code: 'refresh_token_ends_soon', text: describeGrantEnd(end) });
  if (rejected !== null)
    warnings.push({
      code: 'tokens_rejected',
      text: `Fresh access tokens are refused, ${rejected.inARow} in a row: another one is asked for from ${toIsoIfUsable(rejected.nextTokenAt) ?? unknownTime} on.`,
    });
  return warnings;
}

function describeGrantEnd({ endsAt, basis }: RefreshTokenEnd): string {
  const at = toIsoIfUsable(endsAt) ?? unknownTime;
  switch (basis) {
    case 'told':
      return `The refresh token ends at ${at}, as Microsoft said.`;
    case 'assumed_24_hours':
      return `The refresh token was typed in: if it is a single page app’s, it ends by ${at}.`;
    default:
      return `The refresh token ends at ${at} unless it is used before: Microsoft ends what nobody uses for 90 days.`;
  }
}

function warningsOf(
  { connection }: TokenState,
  { endsAt, state }: ConnectionHealth['status'],
  registration: ConnectionHealth['registration'],
  now: number,
): Warning[] {
  const warnings: Warning[] = [];
  const { identity_notice: notice } = connection;
  if (notice !== null) warnings.push({ code: 'identity_changed', text: notice });
  if (endsAt !== null)
    warnings.push({ code: 'token_ends', text: `It works until ${endsAt}, and nothing renews it.` });
  if (registration?.alarm)
    warnings.push({ code: 'credential_refused', text: `${registration.name}: ${registration.alarm.detail}` });
  const endsOn = registration?.credentialEndsAt ?? null;
  if (endsOn !== null && Date.parse(endsOn) - now < warnedDays * millisecondsPerDay)
    warnings.push({
      code: 'credential_ends_soon',
      text: `The credential of ${registration?.name} ${Date.parse(endsOn) > now ? 'ends' : 'has ended'} at ${endsOn}.`,
    });
  const failure = storedFailure(connection);
  // A failure without a state tells of a sign-in that came to nothing while the connection goes on.
  if (failure !== null && connection.failure_state === null && state !== 'disabled')
    warnings.push({ code: 'sign_in_failed', text: `The last sign-in came to nothing: ${failure.detail}` });
  return warnings;
}
