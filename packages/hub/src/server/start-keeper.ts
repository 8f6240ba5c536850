import { hostname } from 'node:os';
import process from 'node:process';
import { removeEndedSessions } from '../access/remove-ended-sessions.ts';
import { connectionUpkeep } from '../connections/keep-connection.ts';
import { measureWork } from '../due-work/measure-work.ts';
import type { WorkHandler } from '../due-work/work-handler.ts';
import { removeOldEvents } from '../events/remove-old-events.ts';
import { tokenEndWork } from '../evidence/token-end-work.ts';
import { millisecondsPerSecond } from '../ground/durations.ts';
import { type CleanUps, cleanUpWork, scheduleCleanUps } from '../keeper/clean-up.ts';
import { createKeeper, type Keeper } from '../keeper/create-keeper.ts';
import {
  type KeeperProcess,
  removeOldProcesses,
  removeProcess,
  reportProcess,
  tellSilent,
  tellStarted,
} from '../keeper/keeper-processes.ts';
import { createResealHandler } from '../key-rotation/reseal-table.ts';
import { registrationWatch } from '../registrations/watch/watch-registration.ts';
import { removeEndedSignIns } from '../sign-ins/remove-ended-sign-ins.ts';
import { writeUses } from '../tokens/connection-uses.ts';
import type { TokenContext } from '../tokens/token-context.ts';

/** So often a process reports itself and writes down uses of connections; what a killed one had not yet written is no matter. */
const attendedEvery = 30 * millisecondsPerSecond;
const idBytes = 8;

/** @returns who does each kind of work that falls due */
function workHandlers(context: TokenContext, cleanUps: CleanUps): WorkHandler[] {
  const handlers = [
    connectionUpkeep(context),
    tokenEndWork(context),
    registrationWatch(context),
    createResealHandler(context),
    cleanUpWork(context, cleanUps),
  ];
  return handlers.map((handler) => measureWork(context, handler));
}

function cleanUpsOf(context: TokenContext): CleanUps {
  return new Map<string, (signal: AbortSignal) => Promise<unknown>>([
    ['events', (signal) => removeOldEvents(context, signal)],
    ['keeper_processes', (signal) => removeOldProcesses(context, signal)],
    ['sessions', (signal) => removeEndedSessions(context, signal)],
    ['sign_ins', (signal) => removeEndedSignIns(context, signal)],
  ]);
}

/** Starts the keeper of this process, unless it is switched off, and what each process does for it anyway. */
export async function startKeeper(context: TokenContext): Promise<Keeper> {
  const { isOn } = context.config.keeper;
  const cleanUps = cleanUpsOf(context);
  const keeper = createKeeper(context, workHandlers(context, cleanUps));
  const self: KeeperProcess = {
    id: context.random.bytes(idBytes).toString('hex'),
    name: `${hostname()} ${process.pid}`,
    isOn,
    startedAt: context.clock.now(),
  };
  await scheduleCleanUps(context, cleanUps);
  context.background.start('attendance of the keeper', (signal) => attend(context, self, keeper, signal));
  if (isOn) context.background.start('keeper', (signal) => keeper.run(signal));
  return keeper;
}

async function attend(
  context: TokenContext,
  self: KeeperProcess,
  { record }: Keeper,
  signal: AbortSignal,
): Promise<void> {
  const attempt = async (work: () => Promise<void>) => {
    try {
      await work();
    } catch (error) {
      context.log.warn({ err: error }, 'the keeper can’t write down what happened; it will');
    }
  };
  await attempt(() => tellStarted(context, self));
  while (!signal.aborted) {
    await attempt(() => reportProcess(context, self, record));
    await attempt(() => tellSilent(context));
    // When the hub closes, what is known by then is written at once.
    await context.sleep(attendedEvery, signal).catch(() => undefined);
    await attempt(() => writeUses(context));
  }
  await attempt(() => removeProcess(context, self));
}
