import type { Kysely } from 'kysely';
import { scheduleWork, unscheduleWork } from '../due-work/schedule-work.ts';
import { connectionWork } from '../due-work/work-kinds.ts';
import { DamagedValueError } from '../ground/damaged-value-error.ts';
import type { HubContext } from '../hub-context.ts';
import type { Database } from '../store/schema.ts';
import { planUpkeep, upkeepDueAt } from './plan-upkeep.ts';
import { selectTokenStates, type TokenState, toTokenState } from './read-token-state.ts';

/**
 * Says when the keeper is to look at a connection, by what stands in its rows now. To be called in the transaction that
 * has changed them.
 */
export async function scheduleUpkeep(
  context: Pick<HubContext, 'config' | 'clock'>,
  db: Kysely<Database>,
  connectionId: string,
): Promise<void> {
  const row = await selectTokenStates({ db }).where('connections.id', '=', connectionId).executeTakeFirst();
  if (row) await scheduleUpkeepOf(context, db, toTokenState(row));
}

/** The same by a state that was read in the transaction, with all that was changed since. */
export async function scheduleUpkeepOf(
  context: Pick<HubContext, 'config' | 'clock'>,
  db: Kysely<Database>,
  state: TokenState,
): Promise<void> {
  const work = { kind: connectionWork, subjectId: state.connection.id };
  const dueAt = nextUpkeepAt(context, state);
  await (dueAt === null ? unscheduleWork(db, work) : scheduleWork(db, { ...work, dueAt }));
}

/** @returns when a connection needs something next; null when it needs nothing, or its row can't be read */
export function nextUpkeepAt(
  { config, clock }: Pick<HubContext, 'config' | 'clock'>,
  state: TokenState,
): number | null {
  try {
    return upkeepDueAt(planUpkeep(state, config.keeper.proofs, clock.now()));
  } catch (error) {
    // Damage is told where the row is shown; it must not keep good tokens from being stored.
    if (error instanceof DamagedValueError) return null;
    throw error;
  }
}
