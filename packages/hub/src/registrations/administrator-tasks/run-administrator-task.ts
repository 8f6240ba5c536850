import { watchRegistrationSoon } from '../../due-work/registration-work.ts';
import { HubError } from '../../errors/hub-error.ts';
import type { NewEvent } from '../../events/record-event.ts';
import { recordEvent } from '../../events/record-event.ts';
import { openAdministratorToken } from '../administrator-token.ts';
import { noAdministratorTask, noAdministratorToken } from '../cleared-columns.ts';
import { decideStepRetry } from '../decide-step-retry.ts';
import { explainStepFailure } from '../explain-step-failure.ts';
import { createGraphClient, type GraphClient } from '../graph-client.ts';
import { changeAndRecord, type RegistrationRun, waitUnderLease } from '../registration-lease.ts';
import { failAdministratorTask } from './fail-administrator-task.ts';
import { repairApplication } from './repair-application.ts';
import { rotateForAdministrator } from './rotate-for-administrator.ts';
import { setUpAutomaticRotation } from './set-up-automatic-rotation.ts';

type TaskEvent = Pick<NewEvent, 'kind' | 'summary'>;

/**
 * Does what an administrator has signed in for, and forgets the sign-in. Every task looks before it changes something, so
 * that one that was cut off is done again as a whole; replication delays are waited for as in the steps of a registration.
 */
export async function runAdministratorTask(run: RegistrationRun): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      const event = await doTask(run);
      return await endTask(run, event);
    } catch (error) {
      const isLost = error instanceof HubError && error.code === 'registration_busy';
      if (isLost || run.signal.aborted) throw error;
      const retry = decideStepRetry(error, 'created', tries);
      if (!retry.retry) return failTask(run, error);
      await waitUnderLease(run, retry.delayMilliseconds);
    }
  }
}

async function doTask(run: RegistrationRun): Promise<TaskEvent | null> {
  const { context, row } = run;
  const graph: GraphClient = createGraphClient(context, openAdministratorToken(context, row));
  switch (row.administrator_task) {
    case 'rotate':
      await rotateForAdministrator(run);
      return null;
    case 'automatic_rotation':
      await setUpAutomaticRotation(context, graph, row);
      return {
        kind: 'automatic_rotation_set_up',
        summary: 'The application may change its own secrets now, so that the hub rotates them by itself.',
      };
    case 'repair':
      return { kind: 'repaired', summary: await repairApplication(context, graph, row) };
    default:
      return null;
  }
}

async function endTask(run: RegistrationRun, event: TaskEvent | null): Promise<void> {
  const { context, row } = run;
  const mayRotate = row.administrator_task === 'automatic_rotation';
  await changeAndRecord(
    run,
    {
      ...noAdministratorTask,
      ...noAdministratorToken,
      ...(mayRotate && { rotation_policy: 'automatic' as const }),
      next_check_at: null,
    },
    async (db) => {
      await watchRegistrationSoon(db, context, row.id);
      if (event) await recordEvent(db, context, { ...event, subject: { kind: 'registration', id: row.id } });
    },
  );
}

async function failTask(run: RegistrationRun, error: unknown): Promise<void> {
  const failure = explainStepFailure(error);
  if (failure.code === 'internal_error') run.context.log.error({ err: error }, 'administrator task failed');
  await failAdministratorTask(run, failure);
}
