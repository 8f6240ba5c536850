import { connectionUpkeep } from '../connections/keep-connection.ts';
import type { WorkHandler } from '../due-work/work-handler.ts';
import { tokenEndWork } from '../evidence/token-end-work.ts';
import { millisecondsPerMinute } from '../ground/durations.ts';
import { createKeeper, type Keeper } from '../keeper/create-keeper.ts';
import { createResealHandler } from '../key-rotation/reseal-table.ts';
import { registrationWatch } from '../registrations/watch/watch-registration.ts';
import { writeUses } from '../tokens/connection-uses.ts';
import type { TokenContext } from '../tokens/token-context.ts';

/** Uses of connections are written down so often; what a killed process had not yet written is lost, and no matter. */
const writeUsesEvery = millisecondsPerMinute;

/** @returns who does each kind of work that falls due */
function workHandlers(context: TokenContext): WorkHandler[] {
  return [
    connectionUpkeep(context),
    tokenEndWork(context),
    registrationWatch(context),
    createResealHandler(context),
  ];
}

/** Starts the keeper of this process, unless it is switched off, and what each process does for it anyway. */
export function startKeeper(context: TokenContext): Keeper {
  const keeper = createKeeper(context, workHandlers(context));
  context.background.start('uses of connections', (signal) => writeUsesAgainAndAgain(context, signal));
  if (context.config.keeper.isOn) context.background.start('keeper', (signal) => keeper.run(signal));
  return keeper;
}

async function writeUsesAgainAndAgain(context: TokenContext, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    // When the hub closes, what is known by then is written at once.
    await context.sleep(writeUsesEvery, signal).catch(() => undefined);
    try {
      await writeUses(context);
    } catch (error) {
      context.log.warn({ err: error }, 'uses of connections not written yet');
    }
  }
}
