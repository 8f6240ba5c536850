import { watchRegistrationSoon } from '../../due-work/registration-work.ts';
import { HubError } from '../../errors/hub-error.ts';
import { by, type NewEvent, recordEvent } from '../../events/record-event.ts';
import { openAdministratorToken } from '../administrator-token.ts';
import type { RegistrationChange } from '../change-registration.ts';
import { noAdministratorTask, noAdministratorToken } from '../cleared-columns.ts';
import { decideStepRetry } from '../decide-step-retry.ts';
import { explainStepFailure } from '../explain-step-failure.ts';
import { createGraphClient, type GraphClient } from '../graph-client.ts';
import { changeAndRecord, type RegistrationRun, waitUnderLease } from '../registration-lease.ts';
import { renameApplication } from '../rename-in-entra.ts';
import { requireApplication } from '../rotation/secret-in-entra.ts';
import { removeUnused } from '../rotation/unused-credentials.ts';
import { failAdministratorTask } from './fail-administrator-task.ts';
import { repairApplication } from './repair-application.ts';
import { rotateForAdministrator } from './rotate-for-administrator.ts';
import { setUpAutomaticRotation } from './set-up-automatic-rotation.ts';

/** What was achieved: what is told of it, and what the registration keeps. */
interface TaskResult {
  event: Pick<NewEvent, 'kind' | 'summary'> | null;
  change?: RegistrationChange;
}

/**
 * Does what an administrator has signed in for, and forgets the sign-in. Every task looks before it changes something, so
 * that one that was cut off is done again as a whole; replication delays are waited for as in the steps of a registration.
 */
export async function runAdministratorTask(run: RegistrationRun): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await endTask(run, await doTask(run));
    } catch (error) {
      const isLost = error instanceof HubError && error.code === 'registration_busy';
      if (isLost || run.signal.aborted) throw error;
      const retry = decideStepRetry(error, 'created', tries);
      if (!retry.retry) return failTask(run, error);
      await waitUnderLease(run, retry.delayMilliseconds);
    }
  }
}

async function doTask(run: RegistrationRun): Promise<TaskResult> {
  const { context, row } = run;
  const graph: GraphClient = createGraphClient(context, openAdministratorToken(context, row));
  switch (row.administrator_task) {
    case 'rotate':
      await rotateForAdministrator(run);
      return { event: null };
    case 'automatic_rotation':
      await setUpAutomaticRotation(context, graph, row);
      return {
        event: {
          kind: 'automatic_rotation_set_up',
          summary: 'The application may change its own secrets now, so that the hub rotates them by itself.',
        },
        change: { rotation_policy: 'automatic' },
      };
    case 'repair':
      return { event: { kind: 'repaired', summary: await repairApplication(context, graph, row) } };
    case 'rename':
      await renameApplication(graph, row, row.name);
      return {
        event: { kind: 'changed', summary: `Renamed to “${row.name}” in Microsoft Entra ID, too.` },
        change: { entra_name: row.name },
      };
    case 'clean_up': {
      const became = await removeUnused(graph, await requireApplication(graph, row), row);
      return {
        event: { kind: 'old_secret_removed', summary: became ?? 'There was nothing to be removed.' },
        change: { unused_credentials: null },
      };
    }
    default:
      return { event: null };
  }
}

async function endTask(run: RegistrationRun, { event, change }: TaskResult): Promise<void> {
  const { context, row } = run;
  await changeAndRecord(
    run,
    {
      ...noAdministratorTask,
      ...noAdministratorToken,
      ...change,
      next_check_at: null,
    },
    async (db) => {
      await watchRegistrationSoon(db, context, row.id);
      if (!event) return;
      const facts = by(row.administrator_task_by);
      await recordEvent(db, context, { ...event, facts, subject: { kind: 'registration', id: row.id } });
    },
  );
}

async function failTask(run: RegistrationRun, error: unknown): Promise<void> {
  const failure = explainStepFailure(error);
  if (failure.code === 'internal_error') run.context.log.error({ err: error }, 'administrator task failed');
  await failAdministratorTask(run, failure);
}
