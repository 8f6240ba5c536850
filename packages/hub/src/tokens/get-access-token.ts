import { HubError } from '../errors/hub-error.ts';
import { storedFailure } from '../evidence/judge-failure.ts';
import { recordFailure } from '../evidence/record-evidence.ts';
import { toIso } from '../ground/clock.ts';
import { refreshDueAt } from './decide-refresh.ts';
import {
  assertEnabled,
  claimsMismatch,
  decideForState,
  failureOfState,
  isAlive,
  tokenLifeTooShort,
} from './judge-token-state.ts';
import { readTokenState, type TokenState } from './read-token-state.ts';
import { refreshTokenSet } from './refresh-token-set.ts';
import { storedFacts, tokenPlace } from './store-token-set.ts';
import type { TokenContext } from './token-context.ts';
import type { ServedToken, TokenLook } from './token-memory.ts';

/**
 * Hands out a connection's access token, refreshed ahead of its end, or earlier for whoever needs one that lives longer:
 * by one refresh for all of them, and a minute after the last one at the earliest. A token served from memory was checked against
 * the database within the last second; it comes at once and not as a promise, since a turn of the event loop costs as
 * much as the rest of the busiest calls.
 *
 * @param minimumLife how many milliseconds the token has to live at least
 * @throws HubError `connection_not_found`, `connection_disabled`, `connection_needs_sign_in`, `consent_required`,
 *   `client_secret_wrong`, `client_secret_expired`, `token_request_refused`, `token_not_for_environment`,
 *   `token_endpoint_unavailable`, `token_endpoint_nonsense`, `token_life_too_short`
 */
export function getAccessToken(
  context: TokenContext,
  connectionId: string,
  minimumLife = 0,
): ServedToken | Promise<ServedToken> {
  const now = context.clock.now();
  const recalled = context.tokenMemory.recall(connectionId, now);
  return recalled && recalled.expiresAt - now >= minimumLife
    ? recalled
    : lookUpToken(context, connectionId, minimumLife);
}

async function lookUpToken(
  context: TokenContext,
  connectionId: string,
  minimumLife: number,
): Promise<ServedToken> {
  const look = takeLook(context, connectionId);
  // A token is looked up once a second while it is used: often enough to know of the use, and off the busiest way.
  context.uses.set(connectionId, context.clock.now());
  const seen = await look.state;
  const state = await ensureTokenSet(context, seen, minimumLife);
  const now = context.clock.now();
  // Where Microsoft gives less, or the refresh was made by somebody whom less would do.
  if (minimumLife > 0 && !isAlive(state, now, minimumLife)) throw tokenLifeTooShort(state, now, minimumLife);
  const token = await serveToken(context, state);
  // A refresh has made it forgotten: what that brought is remembered by the next look.
  context.tokenMemory.remember(connectionId, token, look);
  return token;
}

/**
 * The same for the hub's own proofs, which are no use of the connection.
 *
 * @throws HubError as `getAccessToken`
 */
export async function getTokenForProof(context: TokenContext, connectionId: string): Promise<ServedToken> {
  const seen = await readTokenState(context, connectionId);
  return serveToken(context, await ensureTokenSet(context, seen, 0));
}

/** Reads a connection from the database, once for all who come while that is under way. */
export function takeLook(context: TokenContext, connectionId: string): TokenLook {
  return context.tokenMemory.look(connectionId, context.clock.now(), () =>
    readTokenState(context, connectionId),
  );
}

/**
 * Sees to it that a connection has an access token that lives, by a refresh where one is due. A transient failure or
 * a refusal counts only when the old token has ended.
 *
 * @throws HubError as `getAccessToken`, but does not look at what the token is for
 */
async function ensureTokenSet(
  context: TokenContext,
  state: TokenState,
  minimumLife: number,
): Promise<TokenState> {
  assertEnabled(state);
  const now = context.clock.now();
  const { action } = decideForState(state, now, 'due', minimumLife);
  if (action === 'use') return state;
  if (action === 'fail') throw failureOfState(context.provider, state, now, minimumLife);
  try {
    return await refreshTokenSet(context, state, 'due', minimumLife);
  } catch (error) {
    // What was read before the refresh may be old by now: the connection may have been disabled meanwhile.
    if (error instanceof HubError && isAlive(state, context.clock.now(), minimumLife)) {
      return await takeLook(context, state.connection.id).state;
    }
    throw error;
  }
}

/**
 * Opens the access token of a state, unless that was done before.
 *
 * @throws HubError `connection_disabled`; `token_not_for_environment`: a token for something else is never handed out
 */
export async function serveToken(context: TokenContext, state: TokenState): Promise<ServedToken> {
  assertEnabled(state);
  const { connection, tokenSet } = state;
  const now = context.clock.now();
  const usableUntil = usableUntilOf(state, now);
  const known = context.tokenMemory.known(connection.id, tokenSet.version);
  // The connection's settings may have changed without a new token.
  if (known?.requestTimeoutSeconds === connection.request_timeout_seconds) {
    return { ...known, usableUntil };
  }
  const { sealed_access_token: sealed, expires_at: expiresAt, version } = tokenSet;
  if (sealed === null || expiresAt === null) throw failureOfState(context.provider, state, now);
  const mismatch = claimsMismatch(context.provider, state);
  if (mismatch) {
    if (storedFailure(connection)?.code !== mismatch.code)
      await recordFailure(context, connection.id, mismatch);
    throw mismatch;
  }
  const accessToken =
    state.fresh?.accessToken ?? context.vault.open(sealed, tokenPlace(connection.id, 'sealed_access_token'));
  const { environment_url: environmentUrl, request_timeout_seconds: requestTimeoutSeconds } = connection;
  const answer = {
    accessToken,
    tokenType: 'Bearer',
    expiresAt: toIso(expiresAt),
    environmentUrl,
  } as const;
  const answerText = JSON.stringify(answer);
  const token = {
    accessToken,
    expiresAt,
    environmentUrl,
    requestTimeoutSeconds,
    user: userOf(state),
    version,
    usableUntil,
    answer,
    answerText,
  };
  context.tokenMemory.keep(connection.id, token);
  return token;
}

/** The token's user in the environment; of a token that does not name one, all that is known is its connection. */
function userOf(state: TokenState): string {
  const { environment_url: environmentUrl, id } = state.connection;
  return `${environmentUrl} ${storedFacts(state)?.objectId ?? id}`;
}

/** A fresh token until its refresh is due; one that is served although it is due, until its end. */
function usableUntilOf(state: TokenState, now: number): number {
  const {
    obtained_at: obtainedAt,
    expires_at: expiresAt,
    access_token_digest: accessTokenDigest,
  } = state.tokenSet;
  const dueAt = refreshDueAt({ obtainedAt, expiresAt, accessTokenDigest }) ?? 0;
  return now < dueAt ? dueAt : (expiresAt ?? 0);
}
