import type { Failure } from '@latchkey/client';
import { Loader } from '@mantine/core';
import { IconArrowBackUp, IconCheck, IconCircleDashed, IconMinus, IconX } from '@tabler/icons-react';
import { describeDuration } from '../facts/describe-duration.ts';
import { withLocalTimes } from '../facts/with-local-times.ts';
import { FailurePanel } from '../failures/failure-panel.tsx';
import classes from './step-list.module.css';

export type StepVerdict = 'waiting' | 'running' | 'done' | 'failed' | 'skipped' | 'undone';

export interface Step {
  name: string;
  title: string;
  verdict: StepVerdict;
  /** The word for the verdict. */
  word: string;
  detail: string | null;
  durationMs: number | null;
  failure: Failure | null;
}

const marks = {
  waiting: IconCircleDashed,
  done: IconCheck,
  failed: IconX,
  skipped: IconMinus,
  undone: IconArrowBackUp,
} as const;

function Mark({ verdict }: { verdict: StepVerdict }) {
  if (verdict === 'running') return <Loader size={14} aria-hidden />;
  const Icon = marks[verdict];
  return <Icon size={14} stroke={2.5} aria-hidden />;
}

/** Steps in their order, each with its verdict, the fact that proves it, its time, and what to do if it failed. */
export function StepList({ label, steps }: { label: string; steps: Step[] }) {
  return (
    <ol className={classes.list} aria-label={label}>
      {steps.map((step) => (
        <li key={step.name} className={classes.step} data-verdict={step.verdict}>
          <span className={classes.mark}>
            <Mark verdict={step.verdict} />
          </span>
          <div className={classes.body}>
            <div className={classes.line}>
              <span className={classes.title}>{step.title}</span>
              <span className={classes.word}>
                {step.word}
                {step.durationMs !== null && ` · ${describeDuration(step.durationMs)}`}
              </span>
            </div>
            {step.detail !== null && step.detail !== '' && (
              <div className={classes.detail}>{withLocalTimes(step.detail)}</div>
            )}
            {step.failure !== null && <FailurePanel failure={step.failure} />}
          </div>
        </li>
      ))}
    </ol>
  );
}
