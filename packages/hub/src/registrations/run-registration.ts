import { HubError } from '../errors/hub-error.ts';
import type { ProviderContext } from '../providers/provider.ts';
import type { RegistrationRow } from '../store/schema.ts';
import { runAdministratorTask } from './administrator-tasks/run-administrator-task.ts';
import { decideWork } from './decide-work.ts';
import { pollDeviceCode } from './poll-device-code.ts';
import { claimRegistration, type RegistrationRun, releaseRegistration } from './registration-lease.ts';
import { runSteps } from './run-steps.ts';
import { undoSteps } from './undo-steps.ts';

/**
 * Takes a registration on and goes on with it until there is nothing left that needs no person: from the first step
 * that is not done, wherever another process stopped. Does nothing when another run holds it.
 *
 * @param signal aborted when the hub closes; the registration is given back then
 */
export async function runRegistration(
  context: ProviderContext,
  id: string,
  signal: AbortSignal,
): Promise<void> {
  const run = await claimRegistration(context, id, signal);
  if (!run) return;
  try {
    await doWork(run);
  } catch (error) {
    // Another run, or a person's fresh start, has taken over: what this one still had in hand counts no more.
    if (error instanceof HubError && error.code === 'registration_busy') return;
    if (signal.aborted) await releaseRegistration(run);
    throw error;
  }
}

/** Starts the same in the background, when there is something to do and nobody does it. */
export function startRegistration(context: ProviderContext, row: RegistrationRow): void {
  if (decideWork(row).work === 'none') return;
  context.background.start('registration', (signal) => runRegistration(context, row.id, signal));
}

async function doWork(run: RegistrationRun): Promise<void> {
  for (;;) {
    const decision = decideWork(run.row);
    switch (decision.work) {
      case 'steps':
        await runSteps(run);
        break;
      case 'undo':
        await undoSteps(run);
        break;
      case 'task':
        await runAdministratorTask(run);
        break;
      case 'device_code':
        await pollDeviceCode(run, decision.sealedDeviceCode);
        break;
      case 'none':
        if (run.row.lease_owner !== null) await releaseRegistration(run);
        return;
    }
  }
}
