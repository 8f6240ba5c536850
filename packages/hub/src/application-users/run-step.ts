import type { ApplicationUserStepName } from '@latchkey/api';
import { dataverseErrors } from '@latchkey/microsoft';
import { HubError, toFailure } from '../errors/hub-error.ts';
import { millisecondsPerSecond } from '../ground/durations.ts';
import { forbidden, unauthorized } from '../ground/http-status.ts';
import { noLease } from '../store/lease.ts';
import { type ApplicationUserRun, changeUnderLease, waitUnderLease } from './application-user-lease.ts';
import { type ApplicationUserChange, noAdministrator } from './application-user-row.ts';
import { readSteps, withStep } from './application-user-steps.ts';

/** What a step achieved: the fact that proves it, and what is kept of it; or that a person has to choose first. */
export type StepResult = { detail: string; values: ApplicationUserChange } | { waitsForChoice: string };

export interface StepOperation {
  name: ApplicationUserStepName;
  outcome: 'done' | 'undone';
  /** May be done again as a whole: it looks before it changes anything. */
  operate: () => Promise<StepResult>;
}

const delaysMilliseconds = [5, 10, 15, 30].map((seconds) => seconds * millisecondsPerSecond);

/**
 * Does one step and records it as it happens. A failure that may pass is tried again for a minute while the lease is kept;
 * any other one ends the run with the state `failed`, or leaves an undoing where it is.
 */
export async function runStep(
  run: ApplicationUserRun,
  { name, outcome, operate }: StepOperation,
): Promise<'done' | 'stopped'> {
  for (let tries = 1; ; tries += 1) {
    const attempts = (readSteps(run.row).find((step) => step.name === name)?.attempts ?? 0) + 1;
    const running = { state: 'running', detail: null, failure: null, attempts } as const;
    await changeUnderLease(run, { steps: withStep(run.row, name, running) });
    const attempt = await attemptOperation(operate);
    if (attempt.ok) {
      const { result } = attempt;
      if ('waitsForChoice' in result) {
        const waiting = { state: 'waiting', detail: result.waitsForChoice } as const;
        await changeUnderLease(run, {
          state: 'choosing_roles',
          steps: withStep(run.row, name, waiting),
          ...noLease,
        });
        return 'stopped';
      }
      const done = { state: outcome, detail: result.detail } as const;
      await changeUnderLease(run, { ...result.values, steps: withStep(run.row, name, done) });
      return 'done';
    }
    const delay = mayPass(attempt.error, name) ? delaysMilliseconds[tries - 1] : undefined;
    if (delay === undefined) {
      await fail(run, name, attempt.error);
      return 'stopped';
    }
    const detail = `${attempt.error.message} Next try in ${delay / millisecondsPerSecond} s`;
    await changeUnderLease(run, { steps: withStep(run.row, name, { detail }) });
    await waitUnderLease(run, delay);
  }
}

const passing: ReadonlySet<HubError['code']> = new Set([
  'crm_unavailable',
  'crm_timeout',
  'token_endpoint_unavailable',
  'outbound_proxy_unavailable',
]);
/** A user or role that was made a moment ago, and that not every server of the environment knows yet. */
const notKnownYet: ReadonlySet<string> = new Set([
  dataverseErrors.userNotMemberOfOrganization,
  dataverseErrors.userNotAssignedRoles,
]);

function mayPass({ code, options }: HubError, step: ApplicationUserStepName): boolean {
  if (passing.has(code)) return true;
  return step === 'proof' && notKnownYet.has(options.remote?.code ?? '');
}

async function fail(run: ApplicationUserRun, step: ApplicationUserStepName, error: HubError): Promise<void> {
  await changeUnderLease(run, {
    state: run.row.state === 'undoing' ? 'undoing' : 'failed',
    steps: withStep(run.row, step, { state: 'failed', detail: null, failure: toFailure(error) }),
    // Who has signed in may not do it: going on takes another one. A refusal of the app itself is none of theirs.
    ...((needsOtherSignIn(error) && step !== 'proof') || run.row.state === 'undoing' ? noAdministrator : {}),
    ...noLease,
  });
}

function needsOtherSignIn({ code, options }: HubError): boolean {
  if (code === 'administrator_sign_in_ended') return true;
  const status = options.remote?.httpStatus;
  return code === 'crm_refused' && (status === unauthorized || status === forbidden);
}

type Attempt = { ok: true; result: StepResult } | { ok: false; error: HubError };

/** Any failure of the operation is the step's; those of recording it are not, and go up. */
async function attemptOperation(operate: () => Promise<StepResult>): Promise<Attempt> {
  try {
    return { ok: true, result: await operate() };
  } catch (error) {
    if (error instanceof HubError && error.code === 'application_user_busy') throw error;
    return {
      ok: false,
      error: error instanceof HubError ? error : new HubError('internal_error', { cause: error }),
    };
  }
}
