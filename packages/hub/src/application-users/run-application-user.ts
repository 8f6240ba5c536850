import { HubError } from '../errors/hub-error.ts';
import { noLease, workLeaseMilliseconds } from '../store/lease.ts';
import type { ApplicationUserRow } from '../store/schema.ts';
import { hasAdministratorToken } from './administrator-token.ts';
import type { ApplicationUserContext } from './application-user-context.ts';
import {
  type ApplicationUserRun,
  changeAndTell,
  changeUnderLease,
  claimApplicationUser,
} from './application-user-lease.ts';
import { givenRoles, noAdministrator } from './application-user-row.ts';
import { readSteps, withStep } from './application-user-steps.ts';
import { makingSteps, undoingSteps } from './environment-steps.ts';
import { runStep } from './run-step.ts';

/**
 * Takes an application user on and goes on with it until there is nothing left that needs no person: from the first step
 * that is not done, wherever another process stopped.
 *
 * @param signal aborted when the hub closes; it is given back then
 * @returns false, and does nothing, while another run holds it
 */
async function runApplicationUser(
  context: ApplicationUserContext,
  connectionId: string,
  signal: AbortSignal,
): Promise<boolean> {
  const run = await claimApplicationUser(context, connectionId, signal);
  if (!run) return false;
  try {
    if (run.row.state === 'running') await make(run);
    else if (isBeingUndone(run.row)) await undo(run);
    if (run.row.lease_owner !== null) await changeUnderLease(run, noLease);
    return true;
  } catch (error) {
    // Somebody has begun anew: what this run still had in hand counts no more.
    if (error instanceof HubError && error.code === 'application_user_busy') return true;
    if (signal.aborted) await changeUnderLease(run, noLease);
    throw error;
  }
}

/** Starts the same in the background, when there is something to do. */
export function startApplicationUser(context: ApplicationUserContext, row: ApplicationUserRow): void {
  if (row.state !== 'running' && !isBeingUndone(row)) return;
  context.background.start('application user', async (signal) => {
    await runApplicationUser(context, row.connection_id, signal);
  });
}

/**
 * Goes on with what was under way when a process ended. Called once, at the start; what a process holds is looked at again
 * when its lease is over, and left to it if it was renewed.
 */
export async function resumeApplicationUsers(context: ApplicationUserContext): Promise<void> {
  const underWay = await context.store.db
    .selectFrom('application_users')
    .selectAll()
    .where('state', 'in', ['running', 'undoing'])
    .execute();
  for (const row of underWay) {
    context.background.start('application user', async (signal) => {
      if (await runApplicationUser(context, row.connection_id, signal)) return;
      await context.sleep(workLeaseMilliseconds, signal);
      await runApplicationUser(context, row.connection_id, signal);
    });
  }
}

function isBeingUndone(row: ApplicationUserRow): boolean {
  return row.state === 'undoing' && row.sealed_administrator_token !== null;
}

async function make(run: ApplicationUserRun): Promise<void> {
  const operations = makingSteps(run);
  for (const { name, state } of readSteps(run.row)) {
    if (state === 'done' || name === 'sign_in') continue;
    const went = await runStep(run, { name, outcome: 'done', operate: operations[name] });
    if (went !== 'done') return;
  }
  const roles = givenRoles(run.row).map(({ name }) => name);
  await changeAndTell(
    run,
    { state: 'ready', ...noAdministrator, ...noLease },
    {
      kind: 'application_user_made',
      summary: `The application was let into the environment as itself; roles given: ${roles.join(', ') || 'none'}.`,
    },
  );
}

async function undo(run: ApplicationUserRun): Promise<void> {
  for (const { name, operate } of undoingSteps(run)) {
    const state = readSteps(run.row).find((step) => step.name === name)?.state;
    if (state === 'undone') continue;
    if ((await runStep(run, { name, outcome: 'undone', operate })) !== 'done') return;
  }
  const gone = { state: 'undone', detail: 'The application is no longer let in', failure: null } as const;
  const undone = {
    state: 'undone',
    steps: withStep(run.row, 'proof', gone),
    user_id: null,
    made_by_hub: null,
    given_roles: '[]',
    wanted_roles: null,
    ...noAdministrator,
    ...noLease,
  } as const;
  await changeAndTell(run, undone, {
    kind: 'application_user_removed',
    summary: 'What the hub had made in the environment for the application was taken back.',
  });
}

/** @returns whether the row waits for a person's sign-in */
export function waitsForSignIn(row: ApplicationUserRow, now: number): boolean {
  if (row.state === 'awaiting_sign_in') return true;
  return row.state === 'undoing' && !hasAdministratorToken(row, now);
}
