import type { WorkHandler } from '../due-work/work-handler.ts';
import { connectionWork } from '../due-work/work-kinds.ts';
import { HubError } from '../errors/hub-error.ts';
import { DamagedValueError } from '../ground/damaged-value-error.ts';
import { millisecondsPerSecond } from '../ground/durations.ts';
import { planUpkeep, upkeepDueAt } from '../tokens/plan-upkeep.ts';
import { readTokenState, type TokenState } from '../tokens/read-token-state.ts';
import { refreshTokenSet } from '../tokens/refresh-token-set.ts';
import type { TokenContext } from '../tokens/token-context.ts';
import { takeProof } from './proof-budget.ts';
import { proveConnection } from './prove-connection.ts';

/** Whatever is due, a connection is not looked at again before this. */
const shortestPause = millisecondsPerSecond;

/**
 * @returns what the keeper does for connections: it refreshes those in use ahead of time, keeps the grants of the others
 *   alive, tries again where something failed in passing, and proves them
 */
export function connectionUpkeep(context: TokenContext): WorkHandler {
  return { kind: connectionWork, run: (connectionId) => keepConnection(context, connectionId) };
}

async function keepConnection(context: TokenContext, connectionId: string): Promise<number | null> {
  try {
    return await doWhatIsDue(context, connectionId);
  } catch (error) {
    if (!(error instanceof DamagedValueError)) throw error;
    // It is told where the row is shown; a sign-in or another secret brings it back.
    context.log.warn({ err: error, connectionId }, 'a damaged connection is left alone');
    return null;
  }
}

async function doWhatIsDue(context: TokenContext, connectionId: string): Promise<number | null> {
  const { config, clock } = context;
  const seen = await findState(context, connectionId);
  if (!seen) return null;
  const { refreshAt, proveAt } = planUpkeep(seen, config.keeper.proofs, clock.now());
  /** As it stands in the database; null where that has to be read again. */
  let state = isDue(refreshAt, clock.now()) ? await refresh(context, seen) : seen;
  let waitForProof = 0;
  if (isDue(proveAt, clock.now())) {
    waitForProof = await takeProof(context, seen.connection.environment_url);
    if (waitForProof === 0) await proveConnection(context, connectionId);
    state = null;
  }
  state ??= await findState(context, connectionId);
  if (!state) return null;
  const next = planUpkeep(state, config.keeper.proofs, clock.now());
  // A proof that has to wait for its place keeps no refresh waiting.
  const proofAt = next.proveAt === null ? null : Math.max(next.proveAt, clock.now() + waitForProof);
  const nextAt = upkeepDueAt({ ...next, proveAt: proofAt });
  return nextAt === null ? null : Math.max(nextAt, clock.now() + shortestPause);
}

function isDue(at: number | null, now: number): boolean {
  return at !== null && at <= now;
}

/** @returns null when it failed, which is recorded, with when to try again */
async function refresh(context: TokenContext, state: TokenState): Promise<TokenState | null> {
  try {
    return await refreshTokenSet(context, state, 'kept');
  } catch (error) {
    if (error instanceof HubError) return null;
    throw error;
  }
}

/** @returns null when it was deleted meanwhile */
async function findState(context: TokenContext, connectionId: string): Promise<TokenState | null> {
  try {
    return await readTokenState(context, connectionId);
  } catch (error) {
    if (error instanceof HubError && error.code === 'connection_not_found') return null;
    throw error;
  }
}
