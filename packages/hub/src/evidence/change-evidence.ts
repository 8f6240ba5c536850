import type { ConnectionState } from '@latchkey/api';
import type { Kysely, Updateable } from 'kysely';
import { scheduleWork } from '../due-work/schedule-work.ts';
import { type NewEvent, recordEvent } from '../events/record-event.ts';
import { DamagedValueError } from '../ground/damaged-value-error.ts';
import type { HubContext } from '../hub-context.ts';
import { lockRow } from '../store/lock-row.ts';
import type { ConnectionRow, Database, TokenSetRow } from '../store/schema.ts';
import { storedFailure } from './judge-failure.ts';
import { judgeState, type StateJudgement } from './judge-state.ts';

/** What recording evidence takes. */
export type EvidenceContext = Pick<HubContext, 'store' | 'clock' | 'random'>;

/** What is known of a connection, as far as its state follows from it. */
export type EvidenceRow = Pick<
  ConnectionRow,
  | 'id'
  | 'method'
  | 'disabled'
  | 'last_proven_at'
  | 'last_failure'
  | 'last_failure_at'
  | 'failure_state'
  | 'failed_tries'
  | 'state'
  | 'proof_told_at'
  | 'organization_id'
  | 'identity_notice'
> &
  Pick<TokenSetRow, 'expires_at' | 'rejected_in_a_row'> & {
    /** 0 and 1 on SQLite. */
    has_access_token: boolean | number;
    has_refresh_token: boolean | number;
  };

type EvidenceColumns = Partial<ConnectionRow>;

/** What changes of a connection, and what the timeline tells of it besides another state. */
export interface EvidenceChange {
  set?: EvidenceColumns;
  events?: Omit<NewEvent, 'subject'>[];
}

/** Names the work that looks again when an access token ends that nothing renews: the state then changes by time alone. */
export const tokenEndKind = 'token_end';

/**
 * Changes what is known of a connection. Another state that follows is stored with the time since when, and becomes an
 * event of the same transaction. New tokens that nobody has tried yet tell no other state: the test that follows does.
 *
 * @param db a transaction
 * @param decide told what is known now; null changes nothing
 * @returns what is known then, and how it is judged; null when there is no such connection or nothing to change
 */
export async function changeEvidence(
  context: EvidenceContext,
  db: Kysely<Database>,
  connectionId: string,
  decide: (row: EvidenceRow) => EvidenceChange | null,
): Promise<{ row: EvidenceRow; judgement: StateJudgement | null } | null> {
  const query = selectEvidence(db).where('connections.id', '=', connectionId);
  const row = await lockRow(context.store, query, 'connections').executeTakeFirst();
  const change = row && decide(row);
  return row && change ? applyEvidence(context, db, row, change) : null;
}

/**
 * The same where what is known was read in the transaction, and locked.
 *
 * @returns the connection's columns as they were written, too
 */
export async function applyEvidence(
  context: EvidenceContext,
  db: Kysely<Database>,
  row: EvidenceRow,
  { set = {}, events = [] }: EvidenceChange,
): Promise<{ row: EvidenceRow; judgement: StateJudgement | null; columns: EvidenceColumns }> {
  const { id: connectionId } = row;
  const now = context.clock.now();
  const next: EvidenceRow = { ...row, ...pickEvidence(set) };
  const [before, after] = [judgeIfReadable(row, now), judgeIfReadable(next, now)];
  const told = after?.grounds === 'untested' ? null : after;
  const isNews = told !== null && told.state !== row.state;
  const since = told?.grounds === 'token_ended' ? next.expires_at : now;
  const columns = { ...set, ...(isNews && { state: told.state, state_since: since }) };
  if (Object.keys(columns).length > 0)
    await db.updateTable('connections').set(columns).where('id', '=', connectionId).execute();
  const subject = { kind: 'connection', id: connectionId } as const;
  for (const event of events) await recordEvent(db, context, { subject, ...event });
  const from = row.state ?? (before === null || before.grounds === 'untested' ? null : before.state);
  if (told !== null && told.state !== from)
    await recordEvent(db, context, { subject, ...stateChanged(from, told, next) });
  if (isNews && told.state === 'limited' && next.expires_at !== null)
    await scheduleWork(db, { kind: tokenEndKind, subjectId: connectionId, dueAt: next.expires_at });
  return { row: next, judgement: after, columns };
}

/** The query that evidence is read by; to be narrowed by its caller. */
export function selectEvidence(db: Kysely<Database>) {
  return db
    .selectFrom('connections')
    .innerJoin('token_sets', 'token_sets.connection_id', 'connections.id')
    .select([
      'connections.id',
      'connections.method',
      'connections.disabled',
      'connections.last_proven_at',
      'connections.last_failure',
      'connections.last_failure_at',
      'connections.failure_state',
      'connections.failed_tries',
      'connections.state',
      'connections.proof_told_at',
      'connections.organization_id',
      'connections.identity_notice',
      'token_sets.expires_at',
      'token_sets.rejected_in_a_row',
    ])
    .select((eb) => [
      eb('token_sets.sealed_access_token', 'is not', null).$castTo<boolean | number>().as('has_access_token'),
      eb('token_sets.sealed_refresh_token', 'is not', null)
        .$castTo<boolean | number>()
        .as('has_refresh_token'),
    ]);
}

/** @returns how what is known is judged. @throws DamagedValueError */
export function judgeEvidence(row: EvidenceRow, now: number): StateJudgement {
  const evidence = {
    connection: row,
    method: row.method,
    hasAccessToken: Boolean(row.has_access_token),
    hasRefreshToken: Boolean(row.has_refresh_token),
    expiresAt: row.expires_at,
  };
  return judgeState(evidence, now);
}

/** A damaged row has no state to tell of; whoever mends it tells the next one. */
function judgeIfReadable(row: EvidenceRow, now: number): StateJudgement | null {
  try {
    return judgeEvidence(row, now);
  } catch (error) {
    if (error instanceof DamagedValueError) return null;
    throw error;
  }
}

function pickEvidence(set: Updateable<Database['connections']>): Partial<EvidenceRow> {
  const picked: Partial<EvidenceRow> = {};
  if (set.disabled !== undefined) picked.disabled = set.disabled;
  if (set.last_proven_at !== undefined) picked.last_proven_at = set.last_proven_at;
  if (set.last_failure !== undefined) picked.last_failure = set.last_failure;
  if (set.failure_state !== undefined) picked.failure_state = set.failure_state;
  return picked;
}

const stateWords: Record<ConnectionState, string> = {
  ready: 'ready',
  limited: 'limited',
  needs_sign_in: 'in need of a sign-in',
  failing: 'failing',
  blocked: 'blocked',
  disabled: 'disabled',
};

function stateChanged(
  from: ConnectionState | null,
  { state, grounds }: StateJudgement,
  row: EvidenceRow,
): Omit<NewEvent, 'subject'> {
  const failure = grounds === 'failure' ? storedFailure(row) : null;
  const before = from === null ? '' : `, before it was ${stateWords[from]}`;
  const why =
    failure?.detail ??
    (grounds === 'token_ended' ? 'The access token has ended, and there is no refresh token.' : '');
  return {
    kind: 'state_changed',
    summary: `The connection is ${stateWords[state]}${before}.${why === '' ? '' : ` ${why}`}`,
    facts: { ...(from !== null && { from }), to: state },
    ...(failure && { failure }),
  };
}
