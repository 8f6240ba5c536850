import type { RegistrationStepName } from '@latchkey/api';
import { millisecondsPerSecond } from '../ground/durations.ts';
import { decideStepRetry, type StepRetry } from './decide-step-retry.ts';
import { explainStepFailure } from './explain-step-failure.ts';
import { failRegistration } from './fail-registration.ts';
import { changeUnderLease, type RegistrationRun, waitUnderLease } from './registration-lease.ts';
import { readSteps, withStep } from './registration-steps.ts';
import type { StepResult } from './steps/step-result.ts';

/** What is done at a step, and what it is called once it is done. */
export interface StepOperation {
  name: RegistrationStepName;
  outcome: 'done' | 'undone';
  /** May be done again as a whole: it looks before it creates. */
  operate: () => Promise<StepResult>;
}

const waitingFor: Record<Extract<StepRetry, { retry: true }>['reason'], string> = {
  replication: 'Microsoft Entra ID has not replicated the last change yet',
  throttled: 'Microsoft Graph asks for a pause',
  unavailable: 'Microsoft did not answer',
};

/**
 * Does one step and records it as it happens: that it runs, each try, what it waits for, how it ended. A failure that
 * may pass is tried again while the lease is kept; any other one ends the run with the state `failed`.
 *
 * @returns whether the step is done
 */
export async function runStep(run: RegistrationRun, step: StepOperation): Promise<boolean> {
  const { clock, log } = run.context;
  const { name, outcome, operate } = step;
  const triesBefore = readSteps(run.row).find((known) => known.name === name)?.attempts ?? 0;
  const startedAt = clock.now();
  const duration = () => clock.now() - startedAt;

  for (let tries = 1; ; tries += 1) {
    const attempts = triesBefore + tries;
    const running = { state: 'running', startedAt, attempts, durationMs: null, failure: null } as const;
    await changeUnderLease(run, { steps: withStep(run.row, name, { ...running, detail: null }) });
    const attempt = await attemptOperation(operate);
    if (attempt.ok) {
      const { values, detail } = attempt.result;
      const done = { state: outcome, detail, durationMs: duration() } as const;
      await changeUnderLease(run, { ...values, steps: withStep(run.row, name, done) });
      return true;
    }
    const retry = decideStepRetry(attempt.error, run.row.kind, tries);
    if (!retry.retry) {
      const failure = explainStepFailure(attempt.error);
      if (failure.code === 'internal_error') log.error({ err: attempt.error, step: name }, 'step failed');
      await failRegistration(run, name, failure, duration());
      return false;
    }
    const seconds = Math.ceil(retry.delayMilliseconds / millisecondsPerSecond);
    const detail = `${waitingFor[retry.reason]}; next try in ${seconds} s`;
    await changeUnderLease(run, { steps: withStep(run.row, name, { detail }) });
    await waitUnderLease(run, retry.delayMilliseconds);
  }
}

type Attempt = { ok: true; result: StepResult } | { ok: false; error: unknown };

/** Any failure of the operation is the step's; those of recording it are not, and go up. */
async function attemptOperation(operate: () => Promise<StepResult>): Promise<Attempt> {
  try {
    return { ok: true, result: await operate() };
  } catch (error) {
    return { ok: false, error };
  }
}
