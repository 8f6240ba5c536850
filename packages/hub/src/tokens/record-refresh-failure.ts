import { type HubError, withRetryAfter } from '../errors/hub-error.ts';
import { recordFailureIn } from '../evidence/record-evidence.ts';
import { isApplicationUnknown, isSecretRefused, raiseSecretAlarm } from '../evidence/secret-alarm.ts';
import { inTransaction } from '../store/in-transaction.ts';
import { noLease } from '../store/lease.ts';
import { lockRow } from '../store/lock-row.ts';
import { hasOwnCredential, selectTokenStates, type TokenState, toTokenState } from './read-token-state.ts';
import type { FailedRefresh } from './request-refresh.ts';
import { type RefreshGuard, sealTokenSet } from './store-token-set.ts';
import type { TokenContext } from './token-context.ts';

/**
 * Records that a refresh failed, if it still says something of the connection: of the tokens that are stored, under a
 * lease that holds, with the credential that is stored. A refusal of an old grant or an old secret is none of a
 * connection that was signed in or corrected meanwhile. A refused secret of a registration is that one's alarm. Ends the
 * lease.
 *
 * @param asked the state that the request was made from
 * @returns the failure, which says when the hub tries again; null when it says nothing any more, and nothing is written
 */
export function recordRefreshFailure(
  context: TokenContext,
  asked: TokenState,
  guard: RefreshGuard,
  {
    failure,
    retryAfterMilliseconds,
    isKeptBack = false,
    mayPass = false,
    refreshToken = null,
  }: FailedRefresh,
): Promise<HubError | null> {
  const { id } = asked.connection;
  return inTransaction(context.store, async (db) => {
    // Whether or not the lease still holds: it may be the only one that is still good.
    if (refreshToken !== null) {
      await db
        .updateTable('token_sets')
        .set(sealTokenSet(context, id, { accessToken: null, refreshToken, expiresInSeconds: null }))
        .where('connection_id', '=', id)
        .where('version', '=', guard.version)
        .execute();
    }
    // Locks the row: a sign-in that comes now is written after this, and ends the failure.
    const held = await db
      .updateTable('token_sets')
      .set(noLease)
      .where('connection_id', '=', id)
      .where('version', '=', guard.version)
      .where('lease_fence', '=', guard.fence)
      .executeTakeFirst();
    if (held.numUpdatedRows === 0n) return null;
    const current = await lockRow(
      context.store,
      selectTokenStates({ db }).where('connections.id', '=', id),
      'connections',
    ).executeTakeFirst();
    if (!current || toTokenState(current).sealedCredential !== asked.sealedCredential) return null;
    const { registration_id: registrationId } = current;
    const { sealedCredential } = asked;
    const isRegistrations =
      registrationId !== null && !hasOwnCredential(current) && sealedCredential !== null;
    // Another tenant may not know an application that is there in its own.
    const isUnknown = isApplicationUnknown(failure) && current.tenant_id === current.registration_tenant_id;
    if (isRegistrations && (isSecretRefused(failure) || isUnknown)) {
      await raiseSecretAlarm(db, context, { id: registrationId, credential: sealedCredential }, failure);
      return failure;
    }
    const nextTryAt = await recordFailureIn(context, db, id, failure, {
      retryAfterMilliseconds,
      isKeptBack,
      mayPass,
    });
    return nextTryAt === null ? failure : withRetryAfter(failure, nextTryAt - context.clock.now());
  });
}
