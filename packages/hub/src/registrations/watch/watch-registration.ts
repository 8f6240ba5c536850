import { registrationWork } from '../../due-work/registration-work.ts';
import type { WorkHandler } from '../../due-work/work-handler.ts';
import { HubError } from '../../errors/hub-error.ts';
import { millisecondsPerMinute, millisecondsPerSecond } from '../../ground/durations.ts';
import type { ProviderContext } from '../../providers/provider.ts';
import {
  changeUnderLease,
  claimRegistration,
  type RegistrationRun,
  releaseRegistration,
} from '../registration-lease.ts';
import { beginRotation, byKeeper } from '../rotation/begin-rotation.ts';
import { goOnRotating } from '../rotation/go-on-rotating.ts';
import { checkRegistration } from './check-registration.ts';
import { decideUpkeep } from './decide-upkeep.ts';

import { warnOfEnd } from './warn-of-end.ts';

/** Whoever holds the registration is done by then, or its lease is over. */
const lookAgainMilliseconds = 30 * millisecondsPerSecond;
/** Each action leaves the next one to be decided; this many in a row would be a circle. */
const mostActions = 12;

/** Looks after registrations: their secrets’ ends, the rotations, and whether all they need is still there. */
export function registrationWatch(context: ProviderContext): WorkHandler {
  return { kind: registrationWork, run: (id, signal) => watchRegistration(context, id, signal) };
}

/** @returns when the registration is to be looked after again, in epoch milliseconds; null when it is not ready */
async function watchRegistration(
  context: ProviderContext,
  id: string,
  signal: AbortSignal,
): Promise<number | null> {
  const { clock } = context;
  const run = await claimRegistration(context, id, signal);
  if (!run) return (await isThere(context, id)) ? clock.now() + lookAgainMilliseconds : null;
  try {
    const next = run.row.state === 'ready' ? await keepUp(run) : null;
    await releaseRegistration(run);
    return next;
  } catch (error) {
    // A person has changed the registration meanwhile: what is to be done is decided anew.
    if (error instanceof HubError && error.code === 'registration_busy') return clock.now();
    throw error;
  }
}

async function keepUp(run: RegistrationRun): Promise<number> {
  const { clock } = run.context;
  for (let actions = 0; actions < mostActions && !run.signal.aborted; actions += 1) {
    const upkeep = decideUpkeep(run.row, clock.now());
    switch (upkeep.action) {
      case 'wait':
        return upkeep.until;
      case 'check':
        await checkRegistration(run);
        break;
      case 'warn':
        await warnOfEnd(run, upkeep.warning);
        break;
      case 'begin_rotation':
        await changeUnderLease(run, beginRotation(run.context, run.row, null, byKeeper));
        break;
      case 'go_on_rotating':
        await goOnRotating(run);
        break;
    }
  }
  return clock.now() + millisecondsPerMinute;
}

async function isThere({ store }: ProviderContext, id: string): Promise<boolean> {
  const row = await store.db
    .selectFrom('registrations')
    .select('state')
    .where('id', '=', id)
    .executeTakeFirst();
  return row?.state === 'ready';
}
