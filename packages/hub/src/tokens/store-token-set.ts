import { isGuid } from '@latchkey/microsoft';
import type { Kysely, Updateable } from 'kysely';
import { HubError } from '../errors/hub-error.ts';
import { by, type NewEvent, recordEvent } from '../events/record-event.ts';
import { applyEvidence } from '../evidence/change-evidence.ts';
import { recordTokenSuccess, tokenSuccessChange } from '../evidence/record-evidence.ts';
import { DamagedValueError } from '../ground/damaged-value-error.ts';
import { digest } from '../ground/digest.ts';
import { millisecondsPerSecond } from '../ground/durations.ts';
import { readColumn } from '../ground/read-json.ts';
import type { HubContext } from '../hub-context.ts';
import { inTransaction } from '../store/in-transaction.ts';
import { noLease } from '../store/lease.ts';
import { prepareQuery, type ValueOf } from '../store/prepare-query.ts';
import type { Database, TokenSetRow } from '../store/schema.ts';
import { accessTokenEnd } from '../token-endpoint/access-token-end.ts';
import {
  readTokenFacts,
  type StoredTokenFacts,
  storedTokenFactsSchema,
} from '../token-endpoint/read-token-facts.ts';
import type { TokenAnswer } from '../token-endpoint/request-token.ts';
import { lockTokenStateRow, readTokenState, type TokenState, toTokenState } from './read-token-state.ts';
import { scheduleUpkeep, scheduleUpkeepOf } from './schedule-upkeep.ts';
import type { TokenContext } from './token-context.ts';

const noRefreshToken = {
  sealed_refresh_token: null,
  refresh_token_obtained_at: null,
  refresh_token_expires_at: null,
} as const;

/** How new tokens came: a person signed in, or typed in what was got elsewhere; and by what the log knows who did. */
interface TokenOrigin {
  kind: 'signed_in' | 'tokens_entered';
  caller: string | null;
}

const bySignIn: TokenOrigin = { kind: 'signed_in', caller: null };

/**
 * Stores what a sign-in brought, in place of all that was there: the refresh token of another sign-in must not
 * outlive it. A refresh under way with the old tokens loses its lease and can't write. That another person came than
 * before is kept as a notice until somebody says that it is right.
 *
 * @throws HubError `connection_not_found`
 */
export async function storeTokenSet(
  context: TokenContext,
  connectionId: string,
  answer: TokensToSeal,
  origin = bySignIn,
): Promise<void> {
  const before = await readTokenState(context, connectionId);
  const sealed = sealTokenSet(context, connectionId, answer);
  const facts = answer.accessToken === null ? null : readTokenFacts(answer.accessToken);
  const { columns, notice } = identityOf(before, facts);
  await inTransaction(context.store, async (db) => {
    const written = await db
      .updateTable('token_sets')
      .set({ ...noRefreshToken, ...sealed, ...noLease })
      .set({ rejected_in_a_row: 0 })
      .set((eb) => ({ version: eb('version', '+', 1), lease_fence: eb('lease_fence', '+', 1) }))
      .where('connection_id', '=', connectionId)
      .executeTakeFirst();
    if (written.numUpdatedRows === 0n) throw new HubError('connection_not_found');
    await db
      .updateTable('connections')
      .set({ ...columns, updated_at: context.clock.now() })
      .where('id', '=', connectionId)
      .execute();
    await recordTokenSuccess(context, db, connectionId);
    const subject = { kind: 'connection', id: connectionId } as const;
    await recordEvent(db, context, { subject, ...tokensCame(origin, facts) });
    if (notice !== null)
      await recordEvent(db, context, { subject, kind: 'identity_changed', summary: notice });
    await scheduleUpkeep(context, db, connectionId);
  });
  context.tokenMemory.forget(connectionId);
}

/** @returns the event of new tokens: of whom they are, and of which tenant */
function tokensCame(
  { kind, caller }: TokenOrigin,
  facts: StoredTokenFacts | null,
): Omit<NewEvent, 'subject'> {
  const who = facts?.user ?? 'Somebody';
  const summary =
    kind === 'signed_in' ? `${who} signed in.` : `New tokens were entered${facts?.user ? ` of ${who}` : ''}.`;
  return {
    kind,
    summary,
    facts: {
      ...(facts?.user && { user: facts.user }),
      ...(facts?.tenantId && { tenantId: facts.tenantId }),
      ...(facts?.objectId && { objectId: facts.objectId }),
      ...by(caller),
    },
  };
}

/** Which token set a refresh is based on, and by which lease. */
export interface RefreshGuard {
  version: number;
  fence: number;
}

/**
 * Stores what a refresh brought, unless newer tokens have come since, and ends the lease. The refresh token is kept when
 * the answer brings none. A holder that has lost its lease stores, too: the refresh token that it was given may be the
 * only one that is still good, and exists nowhere else.
 *
 * @param guard `wasRejected`: the environment had answered 401 to the token before
 * @param facts of the access token, where they were read already
 * @returns the connection as it is then; null when nothing is written: another's tokens are the stored ones
 */
export async function storeRefreshedTokenSet(
  context: TokenContext,
  connectionId: string,
  answer: TokenAnswer,
  { wasRejected = false, ...guard }: RefreshGuard & { wasRejected?: boolean },
  facts = readTokenFacts(answer.accessToken),
): Promise<TokenState | null> {
  const { accessToken } = answer;
  const access = sealAccessToken(context, connectionId, answer, facts);
  const { refreshToken } = answer;
  const refresh =
    refreshToken === null ? null : sealRefreshToken(context, connectionId, { ...answer, refreshToken });
  const values = { ...guard, ...access, connectionId, rejected: wasRejected ? 1 : 0 };
  return inTransaction(context.store, async (db) => {
    const { numAffectedRows } = await (refresh === null
      ? writeAccessToken(db, values)
      : writeTokens(db, { ...values, ...refresh }));
    const row = numAffectedRows === 0n ? undefined : await lockTokenStateRow(context.store, db, connectionId);
    if (!row) return null;
    const known = {
      ...row,
      has_access_token: row.sealed_access_token !== null,
      has_refresh_token: row.sealed_refresh_token !== null,
    };
    const { columns } = await applyEvidence(context, db, known, tokenSuccessChange(known));
    const state = { ...toTokenState({ ...row, ...columns }), fresh: { accessToken, facts } };
    await recordEvent(db, context, {
      subject: { kind: 'connection', id: connectionId },
      kind: 'refreshed',
      summary: wasRejected
        ? 'The tokens were refreshed, since the environment did not accept the old one.'
        : 'The tokens were refreshed.',
    });
    await scheduleUpkeepOf(context, db, state);
    return state;
  });
}

type RefreshedValues = SealedAccessToken & RefreshGuard & { connectionId: string; rejected: number };

const writeAccessToken = prepareQuery((db, value: ValueOf<RefreshedValues>) => updateRefreshed(db, value));

const writeTokens = prepareQuery((db, value: ValueOf<RefreshedValues & SealedRefreshToken>) =>
  updateRefreshed(db, value).set({
    sealed_refresh_token: value('sealed_refresh_token'),
    refresh_token_obtained_at: value('refresh_token_obtained_at'),
    refresh_token_expires_at: value('refresh_token_expires_at'),
  }),
);

function updateRefreshed(db: Kysely<Database>, value: ValueOf<RefreshedValues>) {
  return db
    .updateTable('token_sets')
    .set((eb) => {
      const isHeld = eb('lease_fence', '=', value('fence'));
      return {
        sealed_access_token: value('sealed_access_token'),
        access_token_digest: value('access_token_digest'),
        obtained_at: value('obtained_at'),
        expires_at: value('expires_at'),
        facts: value('facts'),
        version: eb('version', '+', 1),
        rejected_in_a_row: eb('rejected_in_a_row', '+', value('rejected')),
        lease_owner: eb.case().when(isHeld).then(null).else(eb.ref('lease_owner')).end(),
        lease_until: eb.case().when(isHeld).then(0).else(eb.ref('lease_until')).end(),
      };
    })
    .where('connection_id', '=', value('connectionId'))
    .where('version', '=', value('version'));
}

/** Who signed in, and whether that is somebody else than before; what nobody has looked at yet stays. */
function identityOf(
  before: TokenState,
  facts: StoredTokenFacts | null,
): { columns: Updateable<Database['connections']>; notice: string | null } {
  if (facts === null) return { columns: {}, notice: null };
  // A sign-in mends a damaged row, so damage must not keep it out.
  const previous = factsIfReadable(before);
  const notices = [
    differs(previous?.objectId, facts.objectId) &&
      `${facts.user ?? 'Another account'} signed in; before it was ${previous?.user ?? 'another account'}.`,
    differs(previous?.tenantId, facts.tenantId) &&
      `The tenant is now ${facts.tenantId}; before it was ${previous?.tenantId}.`,
  ].filter((notice) => notice !== false);
  const notice = notices.join(' ') || null;
  const { tenant_id: tenantId } = before.connection;
  return {
    columns: {
      user_name: facts.user,
      tenant_id: tenantId !== null && isGuid(tenantId) ? tenantId : (facts.tenantId ?? tenantId),
      ...(notice !== null && { identity_notice: notice }),
    },
    notice,
  };
}

function factsIfReadable(state: TokenState): StoredTokenFacts | null {
  try {
    return storedFacts(state);
  } catch (error) {
    if (error instanceof DamagedValueError) return null;
    throw error;
  }
}

function differs(before: string | null | undefined, after: string | null): boolean {
  return typeof before === 'string' && after !== null && before !== after;
}

/** @returns the facts of the stored access token; null without one, or when it is no JWT */
export function storedFacts({
  tokenSet,
  fresh,
}: Pick<TokenState, 'tokenSet' | 'fresh'>): StoredTokenFacts | null {
  if (fresh) return fresh.facts;
  return tokenSet.facts === null
    ? null
    : readColumn(storedTokenFactsSchema, tokenSet.facts, 'token_sets.facts');
}

/** Tokens to be stored; those typed by hand may be one without the other. */
export type TokensToSeal = Omit<TokenAnswer, 'accessToken'> & { accessToken: string | null };

/** The columns of an access token, and what is known of it. */
type SealedAccessToken = Pick<
  TokenSetRow,
  'sealed_access_token' | 'access_token_digest' | 'obtained_at' | 'expires_at' | 'facts'
>;

type SealedRefreshToken = Pick<
  TokenSetRow,
  'sealed_refresh_token' | 'refresh_token_obtained_at' | 'refresh_token_expires_at'
>;

/** @returns the columns of a token set that these tokens fill; those of a missing token are left out */
export function sealTokenSet(
  context: Pick<HubContext, 'vault' | 'clock'>,
  connectionId: string,
  { accessToken, refreshToken, ...life }: TokensToSeal,
): Partial<SealedAccessToken & SealedRefreshToken> {
  return {
    ...(accessToken !== null && sealAccessToken(context, connectionId, { accessToken, ...life })),
    ...(refreshToken !== null && sealRefreshToken(context, connectionId, { refreshToken, ...life })),
  };
}

/** Where the sealed tokens of a connection belong; a value moved to another row or column does not open. */
export function tokenPlace(
  connectionId: string,
  column: 'sealed_access_token' | 'sealed_refresh_token',
): string {
  return `token_sets/${connectionId}/${column}`;
}

function sealAccessToken(
  { vault, clock }: Pick<HubContext, 'vault' | 'clock'>,
  connectionId: string,
  {
    accessToken,
    expiresInSeconds,
    clockSkewMilliseconds,
  }: Pick<TokenAnswer, 'accessToken' | 'expiresInSeconds' | 'clockSkewMilliseconds'>,
  facts = readTokenFacts(accessToken),
): SealedAccessToken {
  const now = clock.now();
  return {
    sealed_access_token: vault.seal(accessToken, tokenPlace(connectionId, 'sealed_access_token')),
    access_token_digest: digest(accessToken),
    obtained_at: now,
    expires_at: accessTokenEnd(expiresInSeconds, facts, now, clockSkewMilliseconds),
    facts: facts && JSON.stringify(facts),
  };
}

function sealRefreshToken(
  { vault, clock }: Pick<HubContext, 'vault' | 'clock'>,
  connectionId: string,
  {
    refreshToken,
    refreshTokenExpiresInSeconds: seconds = null,
  }: Pick<TokenAnswer, 'refreshTokenExpiresInSeconds'> & { refreshToken: string },
): SealedRefreshToken {
  const now = clock.now();
  return {
    sealed_refresh_token: vault.seal(refreshToken, tokenPlace(connectionId, 'sealed_refresh_token')),
    refresh_token_obtained_at: now,
    refresh_token_expires_at: seconds === null ? null : Math.round(now + seconds * millisecondsPerSecond),
  };
}
